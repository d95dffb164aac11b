"""What the charts of a training stand on: axes in epochs or in seconds, and not too many points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.figures.layout import grid_axis, see_through
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.runs.metrics import Curves

MOST_POINTS = 600

CurvesOfHeads = Mapping[str, Curves]


@dataclass(frozen=True)
class Axis:
    """The horizontal axis, in epochs or in seconds of training; `epochs` is where it ends."""

    unit: Literal["epoch", "second"]
    epochs: int

    def chunks(self, curves: Curves) -> np.ndarray:
        return curves.chunk_epoch if self.unit == "epoch" else curves.chunk_seconds

    def whole_epochs(self, curves: Curves) -> np.ndarray:
        return curves.epoch if self.unit == "epoch" else curves.epoch_seconds

    def changes(self, curves: Curves) -> np.ndarray:
        if self.unit == "epoch" or not len(curves.chunk_epoch):
            return curves.change_epoch
        return np.interp(curves.change_epoch, curves.chunk_epoch, curves.chunk_seconds)

    def applied_to(self, figure: go.Figure, curves: CurvesOfHeads) -> go.Figure:
        """The figure with this axis, which ends where all of the plan is done."""
        if self.unit == "epoch":
            return over_epochs(figure, self.epochs)
        return figure.update_xaxes(
            title_text="seconds of training",
            range=[0, 1.02 * self._seconds(curves)],
            hoverformat=".1f",
        )

    def _seconds(self, curves: CurvesOfHeads) -> float:
        """What all epochs take at the speed so far."""
        ends = (
            float(c.chunk_seconds[-1] * self.epochs / c.chunk_epoch[-1])
            for c in curves.values()
            if len(c.chunk_epoch)
        )
        return max(ends, default=1.0)


def blank_figure(title: str, theme: ThemeName) -> go.Figure:
    """Axes and a title in the colours of the theme, and no curves yet."""
    palette = PALETTES[theme]
    axis = grid_axis(palette, 14)
    # Beside the button that makes a picture.
    corner = {"x": 0.96, "xanchor": "right", "y": 1.02, "yanchor": "bottom"}
    return go.Figure(
        layout=see_through(
            palette,
            (52, 40, 12, 40),
            paper_bgcolor=palette.background,  # A picture of it is pasted into anything.
            title={"text": title, "font": {"size": 18}, "x": 0, "xref": "paper", "y": 0.98},
            hovermode="x unified",
            legend={"orientation": "h", "font": {"size": 14, "color": palette.text}, **corner},
            xaxis=axis,
            yaxis=axis,
        )
    )


def over_epochs(figure: go.Figure, epochs: int) -> go.Figure:
    """Let the horizontal axis of a figure end at that many epochs."""
    step = next((step for step in (1, 2, 5, 10, 20, 50) if epochs <= 10 * step), 100)
    return figure.update_xaxes(
        title_text="epoch", range=[0, epochs * 1.02], dtick=step, hoverformat=".2f"
    )


def thinned(values: np.ndarray, most: int = MOST_POINTS) -> np.ndarray:
    """At most that many means of neighbours, so that a long run draws as fast as a short one."""
    each = -(-len(values) // most)
    if each <= 1:
        return values
    starts = np.arange(0, len(values), each)
    return np.add.reduceat(values, starts) / np.diff(np.append(starts, len(values)))
