"""Figures without axes, through which the page shows."""

from typing import Any

import plotly.graph_objects as go

from mnist_rnn.figures.palette import Palette


def bare_axis(limits: list[float]) -> dict[str, Any]:
    """An axis that is not drawn, between these limits."""
    return {"range": limits, "visible": False, "fixedrange": True}


def lay_out_plain(figure: go.Figure, palette: Palette, margin: dict[str, int]) -> None:
    """The page shows through; margins are in pixels, by side."""
    figure.update_layout(
        margin=margin,
        plot_bgcolor="rgba(0,0,0,0)",
        paper_bgcolor="rgba(0,0,0,0)",
        font={"size": 14, "color": palette.text},
        hovermode="closest",
        dragmode=False,
    )
