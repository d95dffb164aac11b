"""When does it know: how sure each reader is of one image, above how often it is right by then."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.sentences import percent
from mnist_rnn.config import ROWS
from mnist_rnn.figures.draw.verdicts import VERDICT_HEIGHT, ReaderTiming, write_verdict
from mnist_rnn.figures.layout import ROW_TICKS, above, grid_axis, note, see_through
from mnist_rnn.figures.palette import PALETTES, Palette, ThemeName

# Readers of equal heads have equal colours: the second and third of a kind are dashed.
DASHES = ("solid", "6px,4px", "2px,3px")
SURE_DOMAIN, RIGHT_DOMAIN = (0.68, 1.0), (0.0, 0.52)


def when_figure(
    readers: Sequence[ReaderTiming],
    threshold: float,
    tested: str,
    images: int,
    theme: ThemeName = "light",
) -> go.Figure:
    """The figure of one to three readers that commit at `threshold` (0 to 1).

    `tested` says which test images were counted, as in "test digits", `images` how many.
    """
    palette = PALETTES[theme]
    figure = go.Figure()
    _lay_out(figure, readers, f"{images:,} {tested}", palette)
    line = {"color": palette.scan, "width": 3, "dash": "dash"}
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=threshold, y1=threshold, line=line, layer="below"
    )
    pens = _pens(readers, palette)
    for place, (timing, pen) in enumerate(zip(readers, pens, strict=True)):
        _draw_curves(figure, timing, pen)
        _mark_commitment(figure, timing, pen, palette)
        left = place / len(readers)
        write_verdict(figure, timing, tested=tested, pen=pen, left=left, palette=palette)
    return figure


def _pens(readers: Sequence[ReaderTiming], palette: Palette) -> list[dict[str, Any]]:
    """The colour and dash of each reader's lines."""
    heads = [timing.reading.config.head for timing in readers]
    return [
        {"color": palette.heads[head], "dash": DASHES[heads[:place].count(head)]}
        for place, head in enumerate(heads)
    ]


def _draw_curves(figure: go.Figure, timing: ReaderTiming, pen: dict[str, Any]) -> None:
    """How sure it is of this image above, how often it is right below."""
    steps = np.arange(1, timing.reading.timesteps + 1)
    rows = np.asarray(timing.rows(steps), np.float32)
    probabilities = timing.reading.trace.probabilities
    for axis, heights, hover in (
        ("y", probabilities.max(1), f"%{{customdata[1]}} at %{{text}} after {timing.unit}"),
        ("y2", timing.by_timestep, f"%{{y:.1%}} right after {timing.unit}"),
    ):
        figure.add_scatter(
            x=rows,
            y=np.asarray(heights, np.float32),
            yaxis=axis,
            text=[percent(share) for share in probabilities.max(1)],
            mode="lines",
            line={**pen, "width": 3},
            customdata=np.stack([steps, probabilities.argmax(1)], 1).astype(np.uint16),
            hovertemplate=hover + " %{customdata[0]}<extra></extra>",
        )


def _mark_commitment(
    figure: go.Figure, timing: ReaderTiming, pen: dict[str, Any], palette: Palette
) -> None:
    """Where it commits on this image, and where committing puts it over the test images."""
    commitment, tradeoff = timing.commitment, timing.tradeoff
    x = timing.rows(commitment.steps)
    confidence = timing.reading.trace.probabilities[commitment.steps - 1].max()
    right = timing.by_timestep[commitment.steps - 1]
    marker = {"color": pen["color"], "size": 24, "line": {"color": palette.background, "width": 2}}
    figure.add_scatter(
        x=[timing.rows(tradeoff.mean_steps)],
        y=[tradeoff.accuracy],
        yaxis="y2",
        mode="markers",
        marker={**marker, "size": 18, "symbol": "diamond"},
        cliponaxis=False,
        hovertemplate=f"%{{y:.1%}} right after {tradeoff.mean_steps:.1f} {timing.unit}s on average"
        "<extra></extra>",
    )
    line = {**pen, "width": 2}
    drop = {"type": "line", "x0": x, "x1": x, "y0": 0, "layer": "below", "line": line}
    for axis, y in (("y", confidence), ("y2", right)):
        figure.add_shape(drop, y1=y, yref=axis)
        figure.add_scatter(
            x=[x],
            y=[y],
            yaxis=axis,
            mode="markers+text",
            marker=marker,
            text=f"<b>{commitment.answer}</b>",
            textfont={"size": 15, "color": palette.background},
            cliponaxis=False,
            hovertemplate=f"commits after {timing.unit} {commitment.steps}<extra></extra>",
        )


def _lay_out(
    figure: go.Figure, readers: Sequence[ReaderTiming], tested: str, palette: Palette
) -> None:
    axis = grid_axis(palette, 15)
    percent = axis | {"range": [0, 1.04], "tickformat": ".0%"}
    in_steps = any(timing.unit == "step" for timing in readers)
    stretched = " (steps: their share of the sequence)" if in_steps else ""
    rows = {"range": [0, ROWS + 0.4], "tickvals": ROW_TICKS, "anchor": "y2"}
    figure.update_layout(
        see_through(palette, (56, VERDICT_HEIGHT + 20, 14, 52), showlegend=False),
        font_size=15,
        xaxis=axis | rows,
        yaxis=percent | {"domain": SURE_DOMAIN, "tickvals": [0, 0.5, 1]},
        yaxis2=percent | {"domain": RIGHT_DOMAIN, "tickvals": [0, 0.25, 0.5, 0.75, 1]},
    )
    # Titles of axes keep no fixed distance from their ticks where the page stretches the figure.
    for title, place in (
        ("How sure it is, on this digit", above(0) | {"y": SURE_DOMAIN[1]}),
        (f"How many of {tested} are right by then", above(0) | {"y": RIGHT_DOMAIN[1]}),
        (f"rows read{stretched}", above(0.5, -50) | {"xanchor": "center", "y": 0}),
    ):
        figure.add_annotation(note(title, 16, palette.text, **place))
