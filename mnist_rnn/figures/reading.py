"""The reading figure: what each reader gets, remembers and thinks, row by row.

All panels share one vertical axis, the 28 rows of the digit, so that every hidden state and every
probability stands beside the pixels that caused it. The panels are drawn once; playing only moves
a veil over what has not been read yet.
"""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import ROWS
from mnist_rnn.figures.palette import PALETTES, Palette, ThemeName
from mnist_rnn.figures.panels import Panel, Reading, Span, draw_panel, image_panel, reading_panels
from mnist_rnn.figures.player import Headline, Moment, add_player

PANEL_GAP, READER_GAP = 1.5, 5.0


def reading_figure(
    image: np.ndarray, readings: Sequence[Reading], theme: ThemeName = "light"
) -> go.Figure:
    """The figure of one image (28, 28) uint8 and one to three readings of it.

    Readers of 28 and of 224 timesteps share the axis: each is stretched
    over the 28 rows, so that all of them end at the same line.
    """
    palette = PALETTES[theme]
    groups = [[image_panel(image, palette)]]
    groups += [reading_panels(reading, palette, len(readings) > 2) for reading in readings]
    spans = _spans(groups)

    figure = go.Figure()
    panels = [
        pair
        for group, places in zip(groups, spans, strict=True)
        for pair in zip(group, places, strict=True)
    ]
    for number, (panel, span) in enumerate(panels, start=1):
        draw_panel(figure, number, panel, span, palette.text)
    _lay_out(figure, palette)

    headlines = [
        Headline(places[0][0], palette.heads[reading.config.head])
        for reading, places in zip(readings, spans[1:], strict=True)
    ]
    for reading, headline in zip(readings, headlines, strict=True):
        _name(figure, reading.title, headline)
    # A reader that goes through the image map by map is in no single row of it.
    in_rows = any(reading.timesteps == ROWS for reading in readings)
    add_player(figure, _moments(readings), headlines, 0 if in_rows else headlines[0].x, palette)
    return figure


def timestep_at(share: float, timesteps: int) -> int:
    """The last timestep, from 0, that is begun after this share (0 to 1) of the sequence."""
    return max(0, math.ceil(share * timesteps - 1e-9) - 1)


def _moments(readings: Sequence[Reading]) -> list[Moment]:
    steps = max(reading.timesteps for reading in readings)
    shares = [step / steps for step in range(1, steps + 1)]
    return [Moment(share, tuple(_answer(r, share) for r in readings)) for share in shares]


def _answer(reading: Reading, share: float) -> str:
    probabilities = reading.trace.probabilities[timestep_at(share, reading.timesteps)]
    digit = int(probabilities.argmax())
    return f"<b>{digit}</b> at {probabilities[digit]:.0%}"


def _spans(groups: Sequence[Sequence[Panel]]) -> list[list[Span]]:
    """Where each panel stands, in shares of the figure's width."""
    total = sum(panel.width + PANEL_GAP for group in groups for panel in group)
    total += READER_GAP * (len(groups) - 1) - PANEL_GAP
    left = 0.0
    spans = []
    for group in groups:
        places = []
        for panel in group:
            places.append((left / total, min(1.0, (left + panel.width) / total)))
            left += panel.width + PANEL_GAP
        left += READER_GAP
        spans.append(places)
    return spans


def _name(figure: go.Figure, title: str, headline: Headline) -> None:
    figure.add_annotation(
        text=f"<b>{title}</b>",
        font={"size": 18, "color": headline.colour},
        x=headline.x,
        xref="paper",
        xanchor="left",
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=58,
        showarrow=False,
    )


def _lay_out(figure: go.Figure, palette: Palette) -> None:
    ticks = (1, 5, 10, 15, 20, 25, ROWS)
    figure.update_layout(
        margin={"l": 30, "r": 2, "t": 90, "b": 112},
        plot_bgcolor="rgba(0,0,0,0)",
        paper_bgcolor="rgba(0,0,0,0)",
        font={"size": 14, "color": palette.text},
        hovermode="closest",
        dragmode=False,
        yaxis={
            "range": [ROWS, 0],
            "tickvals": [tick - 0.5 for tick in ticks],
            "ticktext": [str(tick) for tick in ticks],
            "tickfont": {"size": 15, "color": palette.text},
            "ticklen": 0,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "showspikes": True,
            "spikemode": "across",
            "spikesnap": "hovered data",
            "spikethickness": 2,
            "spikedash": "dot",
            "spikecolor": palette.scan,
        },
    )
