"""Two trainings that differ in the head alone, in one pair of charts."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from mnist_rnn.figures.learning import blank_figure, over_epochs, rows_figure
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.metrics import Curves

Heads = Mapping[str, Sequence[float]]


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
