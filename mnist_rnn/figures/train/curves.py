"""Curves of one training, or of two heads: loss and accuracy by epoch, accuracy after each row."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.sentences import unit_of
from mnist_rnn.config import ROWS
from mnist_rnn.figures.layout import note
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.figures.train.axes import Axis, CurvesOfHeads, blank_figure, thinned
from mnist_rnn.runs.metrics import Curves

_MOST_MARKERS = 60


def loss_figure(curves: CurvesOfHeads, axis: Axis, theme: ThemeName) -> go.Figure:
    """The cross-entropy of training, chunk by chunk, and of validation, epoch by epoch.

    One head's curves or both. Dotted upright lines stand where the course was changed.
    """
    figure = blank_figure("Loss", theme)
    for head, of_head in curves.items():
        values = of_head.chunk_loss, of_head.validation_loss
        alone = len(curves) == 1
        _add_curves(figure, head, of_head, values, axis, theme=theme, number=".3f", alone=alone)
    figure.update_yaxes(rangemode="tozero")
    return axis.applied_to(figure, curves)


def accuracy_figure(
    curves: CurvesOfHeads, axis: Axis, theme: ThemeName, behind: Sequence[CurvesOfHeads] = ()
) -> go.Figure:
    """The fraction read correctly at the last row; arguments as for `loss_figure`.

    The validation curves of other seeds stand faintly `behind`. Many-to-many alone has its mean
    over all rows too, which is what Keras's `fit` prints for it.
    """
    figure = blank_figure("Accuracy", theme)
    for others in behind:
        for head, of_head in others.items():
            figure.add_scatter(
                x=axis.whole_epochs(of_head),
                y=of_head.validation_accuracy,
                mode="lines",
                line={"color": PALETTES[theme].heads[head], "width": 1},
                opacity=0.5,
                showlegend=False,
                hoverinfo="skip",
            )
    for head, of_head in curves.items():
        values = of_head.chunk_accuracy, of_head.validation_accuracy
        alone = len(curves) == 1
        _add_curves(figure, head, of_head, values, axis, theme=theme, number=".1%", alone=alone)
    if curves.keys() == {"many_to_many"}:
        of_head = curves["many_to_many"]
        figure.add_scatter(
            x=axis.whole_epochs(of_head),
            y=of_head.validation_accuracy_of_all,
            name="mean of all rows",
            mode="lines",
            line={"color": PALETTES[theme].muted, "width": 2, "dash": "dot"},
            hovertemplate="%{y:.1%}",
        )
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return axis.applied_to(figure, curves)


def rows_figure(
    by_timestep: Sequence[float] | np.ndarray, colour: str, theme: ThemeName
) -> go.Figure:
    """The fraction read correctly after each timestep, (timesteps,)."""
    fractions = np.asarray(by_timestep)
    timesteps = np.arange(1, len(fractions) + 1)
    unit = unit_of(len(fractions))
    figure = blank_figure(f"Accuracy after each {unit}", theme)
    figure.add_scatter(
        x=timesteps,
        y=fractions,
        mode="lines+markers" if len(fractions) == 28 else "lines",
        line={"color": colour, "width": 3},
        marker={"size": 7},
        showlegend=False,
        hovertemplate=f"after {unit} %{{x}}: %{{y:.1%}}<extra></extra>",
    )
    muted = PALETTES[theme].muted
    guessing = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0.1, "y1": 0.1}
    # Set at once: a figure that is redrawn twice a second has no time for add_hline's checks.
    figure.layout.shapes = [guessing | {"line": {"color": muted, "dash": "dot", "width": 1.5}}]
    figure.layout.annotations = [
        # At the end, where the curves have risen.
        note("guessing", 13, muted, xref="paper", x=1, xanchor="right", y=0.1, yanchor="top")
    ]
    figure.update_yaxes(range=[0, 1.05], tickformat=".0%", nticks=4)
    figure.update_xaxes(title_text=unit, range=[0.5, len(fractions) + 0.8])
    return figure


def both_rows_figure(by_timestep: Mapping[str, Sequence[float]], theme: ThemeName) -> go.Figure:
    """The fraction right after each timestep, (timesteps,), one line a head; none or up to two."""
    drawn = [
        rows_figure(fractions, PALETTES[theme].heads[head], theme)
        for head, fractions in by_timestep.items()
    ]
    if not drawn:
        return rows_figure([np.nan] * ROWS, PALETTES[theme].muted, theme)
    first, *others = drawn
    return first.add_traces([trace for other in others for trace in other.data])


def _add_curves(
    figure: go.Figure,
    head: str,
    curves: Curves,
    values: tuple[np.ndarray, np.ndarray],
    axis: Axis,
    *,
    theme: ThemeName,
    number: str,
    alone: bool,
) -> None:
    """Training by chunk, raw and smoothed, and validation by epoch, its best marked."""
    palette = PALETTES[theme]
    colour = palette.heads[head]
    x, y = thinned(axis.chunks(curves)), thinned(values[0])
    training = {"name": "training" if alone else f"{head.replace('_', '-')}, training", "x": x}
    raw: dict[str, Any] = {"mode": "lines+markers" if len(x) < 30 else "lines", "opacity": 0.35}
    figure.add_scatter(
        **(training | raw),
        y=y,
        line={"color": colour, "width": 1},
        marker={"size": 5},
        showlegend=False,
        hoverinfo="skip",
    )
    figure.add_scatter(
        **training,
        y=_smoothed(y),
        mode="lines",
        line={"color": colour, "width": 2, "dash": "dot"},
        showlegend=alone,
        hovertemplate=f"%{{y:{number}}}",
    )
    epochs, measured = axis.whole_epochs(curves), values[1]
    name = "validation" if alone else head.replace("_", "-")
    if len(epochs):
        best, rim = curves.best, {"color": palette.background, "width": 1.5}
        of_epoch = f", epoch {curves.epoch[best]:.0f}" if alone else ""
        name = f"{name} ★ {format(measured[best], number)}{of_epoch}"
    figure.add_scatter(
        x=epochs,
        y=measured,
        name=name,
        mode="lines+markers" if len(epochs) < _MOST_MARKERS else "lines",
        line={"color": colour, "width": 3},
        marker={"size": 8},
        hovertemplate=f"%{{y:{number}}}{'' if alone else ' (validation)'}",
    )
    if len(epochs):
        figure.add_scatter(
            x=epochs[best : best + 1],
            y=measured[best : best + 1],
            name="best epoch",
            mode="markers",
            marker={"symbol": "star", "size": 17, "color": colour, "line": rim},
            showlegend=False,
            hoverinfo="skip",
        )
    mark = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}
    line = {"color": palette.muted, "dash": "dot", "width": 1.5}
    # Set at once: a figure that is redrawn twice a second has no time for add_shape's checks.
    figure.layout.shapes = [
        *figure.layout.shapes,
        *(mark | {"x0": x, "x1": x, "line": line} for x in axis.changes(curves)),
    ]


def _smoothed(values: np.ndarray) -> np.ndarray:
    """The mean around each point: of a tenth of all of them, or of three."""
    around = np.ones(1 + 2 * max(1, len(values) // 20))
    if len(values) < len(around):
        return values
    return np.convolve(values, around, "same") / np.convolve(np.ones(len(values)), around, "same")
