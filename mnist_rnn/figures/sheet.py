"""A contact sheet: images in rows and columns, each with how sure the reader was of it."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.figures.touch import touch_grid

ACROSS, DOWN = 6, 4
_CELL = ROWS + 10


def sheet_figure(
    images: np.ndarray, captions: Sequence[str], places: Sequence[int], theme: ThemeName = "light"
) -> go.Figure:
    """At most 24 images (n, 28, 28) uint8, six across, with a caption each.

    Clicking an image selects a point whose customdata is its entry of `places`. Few images keep
    the size that many have.
    """
    palette = PALETTES[theme]
    figure = go.Figure()
    middle = (COLUMNS - 1) / 2
    figure.add_heatmap(
        z=_sheet(images),
        colorscale=palette.ink,
        zmin=0,
        zmax=255,
        showscale=False,
        hoverinfo="skip",
    )
    touch = touch_grid(ACROSS, places, "Read it on the Draw page<extra></extra>", _CELL)
    touch.update(x=[x + middle for x in touch.x], y=[y + middle for y in touch.y])
    figure.add_trace(touch)
    hidden = {"visible": False, "fixedrange": True}
    figure.update_layout(
        paper_bgcolor="rgba(0, 0, 0, 0)",
        plot_bgcolor="rgba(0, 0, 0, 0)",
        margin={"l": 0, "r": 0, "t": 8, "b": 8},
        clickmode="event+select",
        dragmode=False,
        hovermode="closest",
        hoverdistance=-1,
        showlegend=False,
        xaxis={**hidden, "range": [-0.5, ACROSS * _CELL - (_CELL - COLUMNS) - 0.5]},
        yaxis={
            **hidden,
            "range": [DOWN * _CELL - 0.5, -0.5],
            "scaleanchor": "x",
            "constrain": "domain",
            "constraintoward": "top",
        },
        annotations=[
            {
                "text": caption,
                "x": number % ACROSS * _CELL + middle,
                "y": number // ACROSS * _CELL + ROWS - 0.5,
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": 15, "color": palette.text},
            }
            for number, caption in enumerate(captions)
        ],
    )
    return figure


def _sheet(images: np.ndarray) -> np.ndarray:
    """The images in their places, (height, width); nan, which Plotly leaves clear, between them."""
    rows = -(-len(images) // ACROSS)
    sheet = np.full((max(rows, 1) * _CELL, ACROSS * _CELL), np.nan)
    for number, image in enumerate(images):
        top, left = number // ACROSS * _CELL, number % ACROSS * _CELL
        sheet[top : top + ROWS, left : left + COLUMNS] = image
    return sheet
