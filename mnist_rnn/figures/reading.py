"""The reading figure: what each reader gets, remembers and thinks, row by row.

All panels share one vertical axis, the 28 rows of the digit, so that every hidden state and every
probability stands beside the pixels that caused it. The panels are drawn once; playing only moves
a veil over what has not been read yet.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.sentences import sentences
from mnist_rnn.config import ROWS
from mnist_rnn.figures.layout import lay_out, spans, write_title
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.figures.panels import Reading, draw_panel, image_panel, reading_panels
from mnist_rnn.figures.player import (
    SENTENCE_HEIGHT,
    Headline,
    Moment,
    add_player,
    stop_at,
    timestep_at,
)


def reading_figure(
    image: np.ndarray,
    readings: Sequence[Reading],
    theme: ThemeName = "light",
    opening_row: float = ROWS,
    *,
    playable: bool = True,
) -> go.Figure:
    """The figure of one image (28, 28) uint8 and one to three readings of it.

    It opens with the scan line after `opening_row`, from 1 to 28. Readers of 28 and of 224
    timesteps share the axis: each is stretched over the 28 rows, so that all of them end at the
    same line. Without controls, if not `playable`, it stays where it opens.
    """
    palette = PALETTES[theme]
    groups = [[image_panel(image, palette)]]
    groups += [reading_panels(reading, palette, len(readings) > 2) for reading in readings]
    spots = spans([[panel.width for panel in group] for group in groups])

    figure = go.Figure()
    panels = [
        pair
        for group, places in zip(groups, spots, strict=True)
        for pair in zip(group, places, strict=True)
    ]
    for number, (panel, span) in enumerate(panels, start=1):
        draw_panel(figure, number, panel, span, palette.text)
    lay_out(figure, palette, bottom=106 if playable else 52, sentence=SENTENCE_HEIGHT)

    headlines = [
        Headline(places[0][0], palette.heads[reading.config.head])
        for reading, places in zip(readings, spots[1:], strict=True)
    ]
    for reading, headline in zip(readings, headlines, strict=True):
        write_title(figure, reading.title, headline.x, headline.colour, SENTENCE_HEIGHT)
    # A reader that goes through the image map by map is in no single row of it.
    in_rows = any(reading.timesteps == ROWS for reading in readings)
    left = 0 if in_rows else headlines[0].x
    # Where there are controls, one reader has room for its sentence in one line.
    moments = _moments(readings, one_line=playable and len(readings) == 1)
    opening = opening_row / ROWS
    if playable:
        add_player(figure, moments, headlines, palette, left=left, opening=opening)
    else:
        moment = moments[timestep_at(opening, len(moments))]
        stop_at(figure, moment, headlines, palette, left=left)
    return figure


def _moments(readings: Sequence[Reading], one_line: bool) -> list[Moment]:
    steps = max(reading.timesteps for reading in readings)
    shares = [step / steps for step in range(1, steps + 1)]
    # Beside two others a reader only has room for a short sentence.
    between = "; " if one_line else ";<br>"
    told = [_told(reading, most=2 if len(readings) < 3 else 1) for reading in readings]
    return [
        Moment(
            share,
            tuple(_answer(reading, share) for reading in readings),
            tuple(between.join(halves[timestep_at(share, len(halves))]) for halves in told),
        )
        for share in shares
    ]


def _told(reading: Reading, most: int) -> list[tuple[str, str]]:
    """The sentence of each timestep, in halves; see `sentences`."""
    return sentences(
        reading.trace.probabilities,
        empty=np.all(reading.trace.sequence == 0, axis=1),
        asked=reading.trained,
        unit="row" if reading.timesteps == ROWS else "step",
        most=most,
    )


def _answer(reading: Reading, share: float) -> str:
    probabilities = reading.trace.probabilities[timestep_at(share, reading.timesteps)]
    digit = int(probabilities.argmax())
    return f"<b>{digit}</b> at {probabilities[digit]:.0%}"
