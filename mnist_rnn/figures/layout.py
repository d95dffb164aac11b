"""What all figures have in common: no background, axes that stand still, notes without arrows.

Also how readers stand side by side: panels that share one vertical axis, the 28 rows of the digit.
"""

import html
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import ROWS
from mnist_rnn.figures.palette import ColourScale, Palette

CLEAR = "rgba(0,0,0,0)"
ROW_TICKS = (1, 5, 10, 15, 20, 25, ROWS)
PANEL_GAP, READER_GAP = 1.5, 5.0
# An axis that can't be dragged, with nothing on it but what its figure adds.
QUIET: dict[str, Any] = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticklen": 0}

Note = dict[str, Any]
Span = tuple[float, float]


def lay_out(figure: go.Figure, palette: Palette, bottom: int, sentence: int = 0) -> None:
    """Lay out readers side by side, with room for names, answers and a `sentence` above, in
    pixels, and for `bottom` pixels below.
    """
    margin = (30, 90 + sentence, 2, bottom)
    figure.update_layout(overwrite=True, **see_through(palette, margin, yaxis=row_axis(palette)))


def see_through(palette: Palette, margin: tuple[int, int, int, int], **more: Any) -> dict[str, Any]:
    """A layout through which the page shows; `margin` is left, top, right and bottom in pixels."""
    return {
        "margin": dict(zip("ltrb", margin, strict=True)),
        "plot_bgcolor": CLEAR,
        "paper_bgcolor": CLEAR,
        "font": {"size": 14, "color": palette.text},
        "hovermode": "closest",
        "dragmode": False,
        **more,
    }


def signed(value: float, decimals: int = 2) -> str:
    """A number with its sign, which is a true minus sign if it is one."""
    return f"{value:+.{decimals}f}".replace("-", "−")


def row_axis(palette: Palette) -> dict[str, Any]:
    """The vertical axis: row 1 at the top, a dotted line across all panels at the row hovered."""
    return {
        **row_ticks(palette),
        "range": [ROWS, 0],
        "showspikes": True,
        "spikemode": "across",
        "spikesnap": "hovered data",
        "spikethickness": 2,
        "spikedash": "dot",
        "spikecolor": palette.scan,
    }


def row_ticks(palette: Palette) -> dict[str, Any]:
    """A quiet axis on which some of the 28 rows are named."""
    return {
        **QUIET,
        "tickvals": [row - 0.5 for row in ROW_TICKS],
        "ticktext": [str(row) for row in ROW_TICKS],
        "tickfont": {"size": 15, "color": palette.text},
    }


def grid_axis(palette: Palette, size: int) -> dict[str, Any]:
    """An axis with grid lines, written on in letters of this size in pixels."""
    font = {"size": size, "color": palette.text}
    return {
        "gridcolor": palette.grid,
        "fixedrange": True,
        "zeroline": False,
        "tickfont": font,
        "title": {"font": font, "standoff": 4},
    }


def panel_axis(span: Span, title: str, palette: Palette, **more: Any) -> dict[str, Any]:
    """The horizontal axis of a panel on the rows, with its title below it."""
    named = {"text": title, "standoff": 6, "font": {"color": palette.text}}
    return {**QUIET, "domain": span, "anchor": "y", "title": named, **more}


def bare_axis(limits: list[float]) -> dict[str, Any]:
    """An axis that is not drawn, between these limits."""
    return {"range": limits, "visible": False, "fixedrange": True}


def note(text: str, size: float, colour: str, **more: Any) -> Note:
    """An annotation without an arrow; `more` says where it stands."""
    return {"text": text, "font": {"size": size, "color": colour}, "showarrow": False, **more}


def above(x: float, yshift: float = 0, *, on_rows: bool = False) -> dict[str, Any]:
    """Where a note stands above the panels, `x` in shares of the figure's width, moved up by
    `yshift` pixels. `on_rows`: it hangs on the axis of the rows, so that Plotly moves it.
    """
    top = {"yref": "y", "y": 0} if on_rows else {"yref": "paper", "y": 1}
    left = {"xref": "paper", "x": x, "xanchor": "left"}
    return left | top | {"yanchor": "bottom", "yshift": yshift}


def targets(x: Any, y: Any, size: int = 30, **more: Any) -> dict[str, Any]:
    """Points that can be clicked and are not seen: heat maps can't be clicked."""
    unseen = {"marker": {"opacity": 0}}
    return {
        "x": x,
        "y": y,
        "mode": "markers",
        "marker": {"size": size, "opacity": 0},
        "selected": unseen,
        "unselected": unseen,
        "showlegend": False,
        **more,
    }


def heat(
    values: np.ndarray, colours: ColourScale, limits: tuple[float, float], **more: Any
) -> dict[str, Any]:
    """A heat map of values (h, w) in colours between these limits, without a scale beside it."""
    low, high = limits
    look = {"colorscale": colours, "zmin": low, "zmax": high, "showscale": False}
    return {"z": values, **look, **more}


def image_map(image: np.ndarray, palette: Palette, **place: Any) -> dict[str, Any]:
    """A heat map of grey levels 0..255."""
    return heat(image, palette.ink, (0, 255), hoverinfo="skip", **place)


def stop_marks(row: float, span: Span, palette: Palette, veil: str | None = None) -> list[Note]:
    """The veil over what has not been read yet, below `row`, and the scan line above it."""
    across = {"xref": "paper", "x0": span[0], "x1": span[1], "yref": "y", "y0": row}
    unread = {"type": "rect", "y1": ROWS, "fillcolor": veil or palette.veil, "line": {"width": 0}}
    scan = {"type": "line", "y1": row, "line": {"width": 4, "color": palette.scan}}
    return [across | unread, across | scan]


def outline(image: np.ndarray, level: int, colour: str, width: int, axis: str) -> dict[str, Any]:
    """The contour of what is inked more than `level` in an image (28, 28), on the rows."""
    return {
        "z": image,
        "y0": 0.5,
        "xaxis": axis,
        "contours": {"coloring": "none", "start": level, "end": level, "size": 1},
        "line": {"color": colour, "width": width},
        "showscale": False,
        "hoverinfo": "skip",
    }


def side_by_side(images: np.ndarray, gap: int, between: float = 0) -> np.ndarray:
    """Images (n, rows, columns) as one, from left to right, with `gap` columns `between` them."""
    wide = np.pad(images, ((0, 0), (0, 0), (0, gap)), constant_values=between)
    return wide.transpose(1, 0, 2).reshape(images.shape[1], -1)[:, :-gap]


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
    # A long name has to fit above one of three readers.
    size = 18 if len(title) < 25 else 15
    figure.add_annotation(
        note(f"<b>{plain(title)}</b>", size, colour, **above(left, 58 + sentence))
    )


def write_answer(
    figure: go.Figure, answer: str, left: float, colour: str, sentence: int = 0
) -> None:
    """An answer in large type above the panels that start at `left`, in shares of the width, and
    above a `sentence` of that height in pixels.
    """
    figure.add_annotation(note(answer, 40, colour, **above(left, sentence or 2, on_rows=True)))


def plain(text: str) -> str:
    """Text that Plotly shows letter by letter: it takes tags and entities for its own."""
    return html.escape(text, quote=False)
