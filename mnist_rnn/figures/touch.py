"""Invisible points over a grid, for heat maps: Plotly reports clicks on points alone."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

_SIZE_PIXELS = 24


def touch_grid(columns: int, data: Sequence[Any], hover: str, pitch: float = 1.0) -> go.Scatter:
    """A point for each entry of `data`, row by row from the top left, `pitch` apart.

    An entry is the customdata that a click on its point reports. The figure should set
    `hoverdistance` to -1, so that a click anywhere in a cell is one on its point.
    """
    places = range(len(data))
    invisible = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=[place % columns * pitch for place in places],
        y=[place // columns * pitch for place in places],
        customdata=list(data),
        mode="markers",
        marker={"size": _SIZE_PIXELS, "symbol": "square", "opacity": 0},
        selected=invisible,
        unselected=invisible,
        hovertemplate=hover,
    )
