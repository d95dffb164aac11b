"""Many little images, each with a caption, in lines one below the other."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.figures.tiles import GAP_PIXELS, tile_strip

ACROSS, DOWN = 6, 4
MOST_IMAGES = ACROSS * DOWN
CAPTION_PIXELS = 9
_STEP_X, _STEP_Y = COLUMNS + GAP_PIXELS, ROWS + CAPTION_PIXELS


def contact_sheet_figure(
    images: np.ndarray, captions: Sequence[str], rows_read: int, theme: ThemeName
) -> go.Figure:
    """At most MOST_IMAGES images (n, 28, 28) uint8 from left to right, dim below the rows read.

    The sheet keeps its shape however few there are. An image can be clicked: it is a point.
    """
    palette = PALETTES[theme]
    places = np.arange(len(images))
    left, top = places % ACROSS * _STEP_X, places // ACROSS * _STEP_Y
    figure = go.Figure()
    for line in range(0, len(images), ACROSS):
        strip = tile_strip(images[line : line + ACROSS], rows_read)
        figure.add_heatmap(
            z=strip,
            y0=line // ACROSS * _STEP_Y,
            dy=1,
            colorscale=palette.ink,
            zmin=0,
            zmax=255,
            showscale=False,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=left + (COLUMNS - 1) / 2,
        y=top + (ROWS - 1) / 2,
        mode="markers",
        marker={"size": 30, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        hovertext=list(captions),
        hovertemplate="%{hovertext}<extra>click to see it read</extra>",
    )
    hidden = {"visible": False, "fixedrange": True}
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="closest",
        hoverdistance=60,
        dragmode=False,
        showlegend=False,
        xaxis=hidden | {"range": [-0.5, ACROSS * _STEP_X - GAP_PIXELS - 0.5]},
        yaxis=hidden
        | {
            "range": [DOWN * _STEP_Y - 0.5, -0.5],
            "scaleanchor": "x",
            "constrain": "domain",
            "constraintoward": "top",
        },
        annotations=[
            {
                "text": caption,
                "x": x,
                "y": y,
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": 16, "color": palette.text},
            }
            for caption, x, y in zip(
                captions, left + (COLUMNS - 1) / 2, top + ROWS - 0.5, strict=True
            )
        ],
    )
    return figure.update_xaxes(constrain="domain", constraintoward="left")
