"""What an answer rests on: the ink that speaks for it or against it, and how far memory reaches."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.blame import Blame
from mnist_rnn.config import ROWS
from mnist_rnn.figures.layout import (
    Span,
    grid_axis,
    lay_out,
    note,
    outline,
    spans,
    stop_marks,
    write_answer,
    write_title,
)
from mnist_rnn.figures.palette import PALETTES, ColourScale, Palette, ThemeName
from mnist_rnn.figures.panels import (
    Layer,
    Panel,
    Reading,
    answer_with_share,
    draw_panel,
    image_panel,
)

IMAGE_WIDTH, INK_WIDTH, STRIP_WIDTH, MEMORY_WIDTH = 24, 24, 6, 17
# What counts a thousand times less than a change now is off the scale.
LEAST = -3.0
# Below this many percent a row's share is not written.
LEGIBLE_PERCENT = 2


def blame_figure(
    image: np.ndarray,
    readings: Sequence[Reading],
    blames: Sequence[Blame],
    row: int,
    theme: ThemeName = "light",
) -> go.Figure:
    """The image (28, 28) and, for the answer of each reader after `row` rows (1 to 28): the ink it
    rests on, each row's share of that, and what a change of memory after each row still counts.
    """
    palette = PALETTES[theme]
    widths = [INK_WIDTH, STRIP_WIDTH, MEMORY_WIDTH]
    (image_span,), *spots = spans([[IMAGE_WIDTH], *(widths for _ in readings)])
    figure = go.Figure()
    draw_panel(figure, 1, image_panel(image, palette), image_span, palette)
    numbers = range(2, 2 + 3 * len(readings), 3)
    most = max(float(np.log10(blame.memory.max())) if blame.memory.any() else 0 for blame in blames)
    for number, reading, blame, places in zip(numbers, readings, blames, spots, strict=True):
        draw_panel(figure, number, _ink_panel(blame, palette), places[0], palette)
        figure.add_contour(**outline(image, 60, palette.muted, 1, f"x{number}"))
        draw_panel(figure, number + 1, _strip_panel(blame, palette), places[1], palette)
        colour = palette.heads[reading.config.head]
        x, y = memory_profile(blame.memory, reading.timesteps)
        figure.add_scatter(
            x=x,
            y=y,
            xaxis=f"x{number + 2}",
            mode="lines",
            line={"color": colour, "width": 3},
            fill="toself",
            hoverinfo="skip",
        )
        narrow = len(readings) > 2
        figure.layout[f"xaxis{number + 2}"] = _memory_axis(places[2], most, narrow, palette)
        write_title(figure, reading.title, places[0][0], colour)
        _write_first(figure, number + 2, blame, palette)
        _add_answer(figure, reading, len(blame.memory), places[0][0], colour)
    lay_out(figure, palette, bottom=76)
    in_rows = _spans_in_rows(readings, image_span, spots)
    shapes = [shape for span in in_rows for shape in stop_marks(row, span, palette)]
    return figure.update_layout(shapes=shapes, showlegend=False)


def memory_profile(memory: np.ndarray, timesteps: int) -> tuple[np.ndarray, np.ndarray]:
    """The outline of a silhouette: log10 of `memory` (timesteps read,), one step down a timestep.

    It stands on LEAST, where it is cut off; y is in rows, of which all `timesteps` make 28.
    """
    edges = np.arange(len(memory) + 1) * ROWS / timesteps
    heights = np.log10(np.maximum(memory, 10**LEAST))
    x = np.concatenate([[LEAST], np.repeat(heights, 2), [LEAST]])
    return x, np.concatenate([edges[:1], np.repeat(edges, 2)[1:-1], edges[-1:]])


def _ink_panel(blame: Blame, palette: Palette) -> Panel:
    counting = np.abs(blame.ink[blame.ink != 0])
    # A few pixels at the top of the scale would leave the others pale.
    reach = float(np.percentile(counting, 95)) if counting.size else 1.0
    hover = "row %{customdata}: %{z:.2f} of the score<extra></extra>"
    layer = Layer(blame.ink, palette.signed, (-reach, reach), hover)
    return Panel(f"for and against {blame.answer}", (layer,), INK_WIDTH)


def _strip_panel(blame: Blame, palette: Palette) -> Panel:
    shares = 100 * blame.by_row[:, None]
    written = np.rint(shares).astype(int)
    texts = np.where(written >= LEGIBLE_PERCENT, written.astype(str), "")
    limits = (0, max(15.0, float(shares.max())))
    hover = "row %{customdata}: %{z:.0f}% of what mattered<extra></extra>"
    # Without the far end of the scale, on which the small numbers are hard to read.
    colours: ColourScale = [(0, palette.probability[0][1]), (1, palette.probability[1][1])]
    layer = Layer(shares, colours, limits, hover, texts)
    return Panel("%", (layer,), STRIP_WIDTH)


def _memory_axis(span: Span, most: float, narrow: bool, palette: Palette) -> dict[str, Any]:
    ticks = {-2: "1%", 0: "100%"} if narrow else {-3: "0.1%", -2: "1%", -1: "10%", 0: "100%"}
    named = {"text": "memory kept<br>(log scale)", "standoff": 6, "font": {"color": palette.text}}
    return {
        **grid_axis(palette, 14),
        "domain": span,
        "anchor": "y",
        "range": [LEAST, max(0.3, most + 0.1)],
        "title": named,
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
        "gridwidth": 2,
        "ticklen": 0,
    }


def _write_first(figure: go.Figure, number: int, blame: Blame, palette: Palette) -> None:
    """What memory after the first timestep still counts, in percent."""
    kept = 100 * blame.memory[0]
    written = f"{kept:,.0f}" if kept >= 10 else f"{kept:.2g}"
    text = f"<b>{written if kept >= 0.01 else '&lt;0.01'}%</b>"
    place = {"xref": f"x{number}", "x": LEAST, "xanchor": "left", "y": 0, "yanchor": "top"}
    figure.add_annotation(note(text, 15, palette.text, **place, yref="y"))


def _add_answer(
    figure: go.Figure, reading: Reading, timestep: int, left: float, colour: str
) -> None:
    """The answer after some timesteps, in large type."""
    remark = "" if reading.trained[timestep - 1] else ", never trained here"
    answer = answer_with_share(reading.trace.probabilities[timestep - 1], remark)
    write_answer(figure, answer, left, colour)


def _spans_in_rows(
    readings: Sequence[Reading], image_span: Span, spots: Sequence[Sequence[Span]]
) -> list[Span]:
    """Where the vertical axis is what has been read: not on the image, for map by map readers."""
    by_row = [reading.timesteps == ROWS for reading in readings]
    starts = [places[0 if rows else -1][0] for rows, places in zip(by_row, spots, strict=True)]
    ends = [places[-1][1] for places in spots]
    return [*([image_span] if any(by_row) else []), *zip(starts, ends, strict=True)]
