"""A reading after some row, as it stands: what a reader got, remembered and thought until then.

All panels share one vertical axis, the 28 rows of the digit, so that every hidden state and every
probability stands beside the pixels that caused it. A veil hides what has not been read yet.
"""

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import ROWS
from mnist_rnn.figures.layout import (
    above,
    lay_out,
    note,
    spans,
    stop_marks,
    write_answer,
    write_title,
)
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.figures.panels import Reading, draw_panel, image_panel, large_answer, reading_panels
from mnist_rnn.figures.player import timestep_at

# The sentence between the answer and the panels: its height and its type.
SENTENCE_HEIGHT, SENTENCE_PIXELS = 36, 15


def reading_figure(
    image: np.ndarray, reading: Reading, theme: ThemeName = "light", row: float = ROWS
) -> go.Figure:
    """The figure of one image (28, 28) uint8 and a reading of it, after a row from 0 to 28.

    A reader of 224 timesteps is stretched over the 28 rows; it may stop within a row.
    """
    palette = PALETTES[theme]
    groups = [[image_panel(image, palette)], reading_panels(reading, palette)]
    places = spans([[panel.width for panel in group] for group in groups])
    figure = go.Figure()
    panels, stand = ([*image, *read] for image, read in (groups, places))
    for number, (panel, span) in enumerate(zip(panels, stand, strict=True), start=1):
        draw_panel(figure, number, panel, span, palette)
    lay_out(figure, palette, bottom=52, sentence=SENTENCE_HEIGHT)

    left, colour = places[1][0][0], palette.heads[reading.config.head]
    step = timestep_at(row / ROWS, reading.timesteps)
    answer = large_answer(reading.trace.probabilities[step])
    write_answer(figure, answer, left, colour, SENTENCE_HEIGHT)
    sentence = ";<br>".join(reading.sentences()[step])
    place = above(left, SENTENCE_HEIGHT + 6, on_rows=True) | {"yanchor": "top", "align": "left"}
    figure.add_annotation(note(sentence, SENTENCE_PIXELS, palette.text, **place))
    write_title(figure, reading.title, left, colour, SENTENCE_HEIGHT)
    # A reader that goes through the image map by map is in no single row of it.
    start = 0 if reading.timesteps == ROWS else left
    return figure.update_layout(shapes=stop_marks(row, (start, 1), palette))
