"""The old reading ghosted behind the new one, after the digit or the memory was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.figures.layout import (
    CLEAR,
    Note,
    Span,
    above,
    lay_out,
    note,
    outline,
    panel_axis,
    spans,
    write_answer,
    write_title,
)
from mnist_rnn.figures.palette import PALETTES, Palette, ThemeName
from mnist_rnn.figures.panels import Reading, answer_with_share, draw_panel, image_panel
from mnist_rnn.network.reader import Trace

# A certain class fills its column of width 1 but for a gap.
REACH = 0.86
IMAGE_WIDTH, PROFILES_WIDTH = 22, 34


@dataclass(frozen=True)
class Outcome:
    """What an edit led to, and where it took place.

    image: (28, 28) uint8, what is there to read after the edit.
    traces: each reader's reading after the edit.
    label: what was changed, in lines of 20 characters at most, parted by <br>.
    top, bottom: the band of rows that was edited; where both are the same, the memory was
        changed on the way from one row to the next. None: no rows in particular.
    forgotten: how many rows at the top of the image are dimmed.
    """

    image: np.ndarray
    traces: Sequence[Trace]
    label: str
    top: int | None = None
    bottom: int | None = None
    forgotten: int = 0


def what_if_figure(
    image: np.ndarray, readings: Sequence[Reading], change: Outcome, theme: ThemeName = "light"
) -> go.Figure:
    """The edited image with the outline of the one before, (28, 28), and for each reader its
    probabilities row by row: those of `readings` as an outline, those after the edit filled.
    """
    palette = PALETTES[theme]
    (image_span,), *spots = spans([[IMAGE_WIDTH], *([PROFILES_WIDTH] for _ in readings)])
    figure = go.Figure()
    draw_panel(figure, 1, image_panel(change.image, palette), image_span, palette)
    figure.add_contour(**outline(image, 127, palette.ghost, 2, "x"))
    for number, (reading, trace, (span,)) in enumerate(
        zip(readings, change.traces, spots, strict=True), start=2
    ):
        colour = palette.heads[reading.config.head]
        _add_profiles(figure, number, reading, trace, palette)
        figure.layout[f"xaxis{number}"] = _class_axis(span, reading, palette)
        write_title(figure, reading.title, span[0], colour)
        before, after = (answer_with_share(t.probabilities[-1]) for t in (reading.trace, trace))
        write_answer(figure, f"{before} → {after}", span[0], colour)
    lay_out(figure, palette, bottom=64)
    figure.update_layout(shapes=_marks(change, palette), showlegend=False)
    label = note(change.label, 17, palette.text, **above(0, 6, on_rows=True), align="left")
    return figure.add_annotation(label)


def profiles(probabilities: np.ndarray, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The outlines of ten profiles, one a class, of probabilities (timesteps, 10).

    From its base line at x = class, each reaches to the right as far as the class is likely, in
    a step for each timestep from `first` (from 0) on; y is in rows. Gaps (nan) part the classes.
    """
    timesteps = len(probabilities)
    edges = np.arange(first, timesteps + 1) * ROWS / timesteps
    reach = np.arange(CLASSES) + REACH * probabilities[first:]  # (steps, 10)
    base, gap = np.arange(CLASSES)[None], np.full((1, CLASSES), np.nan)
    x = np.concatenate([base, np.repeat(reach, 2, axis=0), base, gap])
    y = np.concatenate([edges[:1], np.repeat(edges, 2)[1:-1], edges[-1:], [np.nan]])
    return x.T.ravel().astype(np.float32), np.tile(y, CLASSES).astype(np.float32)


def _add_profiles(
    figure: go.Figure, number: int, reading: Reading, trace: Trace, palette: Palette
) -> None:
    """What it thinks now, filled, in grey where its head was never trained; before, outlined."""
    grey, colour = palette.untrained[1][1], palette.probability[1][1]
    fills = [(0, colour)]
    if reading.config.head == "many_to_one":
        fills = [(0, grey), (reading.timesteps - 1, colour)]
    for first, fill in fills:
        x, y = profiles(trace.probabilities, first)
        figure.add_scatter(x=x, y=y, fill="toself", fillcolor=fill, **_line(number, 0, CLEAR))
    x, y = profiles(reading.trace.probabilities)
    figure.add_scatter(x=x, y=y, **_line(number, 2, palette.ghost))
    # Base lines cover the outline where it says nothing: at a probability of zero.
    base = np.repeat(np.arange(CLASSES, dtype=np.float32), 3)
    figure.add_scatter(x=base, y=[0, ROWS, None] * CLASSES, **_line(number, 3, palette.grid))


def _class_axis(span: Span, reading: Reading, palette: Palette) -> dict[str, Any]:
    grey = "" if all(reading.trained) else "<br>grey: not trained here"
    return panel_axis(
        span,
        f"probability of each digit{grey}",
        palette,
        range=[-0.1, CLASSES],
        tickvals=[digit + REACH / 2 for digit in range(CLASSES)],
        ticktext=[str(digit) for digit in range(CLASSES)],
        tickfont={"size": 16, "color": palette.text},
    )


def _line(number: int, width: float, colour: str) -> dict[str, Any]:
    return {
        "xaxis": f"x{number}",
        "mode": "lines",
        "line": {"width": width, "color": colour},
        "hoverinfo": "skip",
    }


def _marks(change: Outcome, palette: Palette) -> list[Note]:
    """The rows of the edit, across all panels, and what was forgotten, dimmed."""
    marks: list[Note] = []
    if change.forgotten:
        veil = {"type": "rect", "fillcolor": palette.veil, "line": {"width": 0}}
        image = {"xref": "x", "x0": -0.5, "x1": 27.5, "yref": "y"}
        marks.append(image | veil | {"y0": 0, "y1": change.forgotten})
    if change.top is not None:
        kind = "line" if change.top == change.bottom else "rect"
        across = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y"}
        band = {"y0": change.top, "y1": change.bottom}
        line = {"width": 3, "color": palette.scan}
        marks.append({"type": kind, **across, **band, "line": line})
    return marks
