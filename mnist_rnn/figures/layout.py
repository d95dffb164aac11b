"""Readers side by side: panels that share one vertical axis, the 28 rows of the digit."""

import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from mnist_rnn.config import ROWS
from mnist_rnn.figures.palette import Palette

PANEL_GAP, READER_GAP = 1.5, 5.0

Span = tuple[float, float]


def spans(groups: Sequence[Sequence[float]]) -> list[list[Span]]:
    """Where panels of these relative widths stand, in shares of the figure's width.

    The image is the first group, each reader one more; between readers the gap is wider.
    """
    total = sum(width + PANEL_GAP for widths in groups for width in widths)
    total += READER_GAP * (len(groups) - 1) - PANEL_GAP
    left = 0.0
    places = []
    for widths in groups:
        group = []
        for width in widths:
            group.append((left / total, min(1.0, (left + width) / total)))
            left += width + PANEL_GAP
        left += READER_GAP
        places.append(group)
    return places


def write_title(figure: go.Figure, title: str, left: float, colour: str, sentence: int = 0) -> None:
    """Name a reader above its answer; `left` is a share of the figure's width, `sentence` the
    height in pixels of what stands between answer and panels.
    """
    figure.add_annotation(
        text=f"<b>{plain(title)}</b>",
        # A long name has to fit above one of three readers.
        font={"size": 18 if len(title) < 25 else 15, "color": colour},
        x=left,
        xref="paper",
        xanchor="left",
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=58 + sentence,
        showarrow=False,
    )


def write_answer(
    figure: go.Figure, answer: str, left: float, colour: str, sentence: int = 0
) -> None:
    """An answer in large type above the panels that start at `left`, in shares of the width, and
    above a `sentence` of that height in pixels.
    """
    figure.add_annotation(
        text=answer,
        font={"size": 40, "color": colour},
        showarrow=False,
        xref="paper",
        x=left,
        xanchor="left",
        yref="y",
        y=0,
        yanchor="bottom",
        yshift=sentence or 2,
    )


def row_axis(palette: Palette) -> dict[str, Any]:
    """The vertical axis: row 1 at the top, a dotted line across all panels at the row hovered."""
    ticks = (1, 5, 10, 15, 20, 25, ROWS)
    return {
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
    }


def lay_out(figure: go.Figure, palette: Palette, bottom: int, sentence: int = 0) -> None:
    """The page shows through; room for names, answers and a `sentence` above, in pixels, and
    for `bottom` pixels below.
    """
    figure.update_layout(
        overwrite=True,
        margin={"l": 30, "r": 2, "t": 90 + sentence, "b": bottom},
        plot_bgcolor="rgba(0,0,0,0)",
        paper_bgcolor="rgba(0,0,0,0)",
        font={"size": 14, "color": palette.text},
        hovermode="closest",
        dragmode=False,
        yaxis=row_axis(palette),
    )


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


def plain(text: str) -> str:
    """Text that Plotly shows letter by letter: it takes tags and entities for its own."""
    return html.escape(text, quote=False)
