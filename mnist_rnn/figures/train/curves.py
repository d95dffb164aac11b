"""Curves of one training, or of two heads: loss and accuracy by epoch, accuracy after each row."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.sentences import unit_of
from mnist_rnn.figures.layout import grid_axis, note, see_through
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.runs.metrics import Curves

MOST_POINTS = 600

Heads = Mapping[str, Sequence[float]]


def loss_figure(curves: Curves, epochs: int, theme: ThemeName) -> go.Figure:
    """The cross-entropy of training, chunk by chunk, and of validation, epoch by epoch.

    `epochs` is where the horizontal axis ends. Dotted lines stand where the course was changed.
    """
    losses = curves.chunk_loss, curves.validation_loss
    figure = _training_and_validation("Loss", curves, losses, ".3f", theme)
    figure.update_yaxes(rangemode="tozero")
    return over_epochs(figure, epochs)


def accuracy_figure(
    curves: Curves, epochs: int, theme: ThemeName, *, of_all: bool = False
) -> go.Figure:
    """The fraction read correctly at the last row; arguments as for `loss_figure`.

    With `of_all` also its mean over all rows, which is what Keras's `fit` prints for many-to-many.
    """
    accuracies = curves.chunk_accuracy, curves.validation_accuracy
    figure = _training_and_validation("Accuracy", curves, accuracies, ".1%", theme)
    if of_all:
        figure.add_scatter(
            x=curves.epoch,
            y=curves.validation_accuracy_of_all,
            name="mean of all rows",
            mode="lines",
            line={"color": PALETTES[theme].validation, "width": 2, "dash": "dot"},
            hovertemplate="%{y:.1%}",
        )
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return over_epochs(figure, epochs)


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
        note("guessing", 13, muted, x=1, xanchor="left", y=0.1, yanchor="bottom")
    ]
    figure.update_yaxes(range=[0, 1.05], tickformat=".0%", nticks=4)
    figure.update_xaxes(title_text=unit, range=[0.5, len(fractions) + 0.8])
    return figure


def epochs_figure(curves: Mapping[str, Curves], epochs: int, theme: ThemeName) -> go.Figure:
    """Validation accuracy at the last timestep by epoch, one line a head.

    `epochs` is where the horizontal axis ends.
    """
    figure = blank_figure("Validation accuracy", theme)
    for head, curve in curves.items():
        figure.add_scatter(
            x=curve.epoch,
            y=curve.validation_accuracy,
            name=head.replace("_", "-"),
            mode="lines+markers" if len(curve.epoch) < 60 else "lines",
            line={"color": PALETTES[theme].heads[head], "width": 3},
            marker={"size": 8},
            hovertemplate="%{y:.1%}",
        )
    figure.update_layout(showlegend=True)
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return over_epochs(figure, epochs)


def both_rows_figure(by_timestep: Heads, theme: ThemeName) -> go.Figure:
    """The fraction right after each timestep, (timesteps,), one line a head; one or two heads."""
    drawn = [
        rows_figure(fractions, PALETTES[theme].heads[head], theme)
        for head, fractions in by_timestep.items()
    ]
    first, *others = drawn
    return first.add_traces([trace for other in others for trace in other.data])


def _training_and_validation(
    title: str, curves: Curves, values: tuple[np.ndarray, np.ndarray], number: str, theme: ThemeName
) -> go.Figure:
    """Training by chunk, validation by epoch, and lines where the course was changed."""
    figure, palette = blank_figure(title, theme), PALETTES[theme]
    x = thinned(curves.chunk_epoch)
    figure.add_scatter(
        x=x,
        y=thinned(values[0]),
        name="training",
        mode="lines+markers" if len(x) < 30 else "lines",
        line={"color": palette.training, "width": 2},
        marker={"size": 6},
        hovertemplate=f"%{{y:{number}}}",
    )
    figure.add_scatter(
        x=curves.epoch,
        y=values[1],
        name="validation",
        mode="lines+markers" if len(curves.epoch) < 60 else "lines",
        line={"color": palette.validation, "width": 2},
        marker={"size": 9, "symbol": "diamond"},
        hovertemplate=f"%{{y:{number}}}",
    )
    mark = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}
    line = {"color": palette.muted, "dash": "dot", "width": 1.5}
    figure.layout.shapes = [mark | {"x0": x, "x1": x, "line": line} for x in curves.change_epoch]
    return figure


def blank_figure(title: str, theme: ThemeName) -> go.Figure:
    """Axes and a title in the colours of the theme, and no curves yet."""
    palette = PALETTES[theme]
    axis = grid_axis(palette, 14)
    corner = {"x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"}
    return go.Figure(
        layout=see_through(
            palette,
            (52, 40, 12, 40),
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
