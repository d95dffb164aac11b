"""The curves of a training: loss, accuracy, and accuracy after each row."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.figures.palette import PALETTES, Palette, ThemeName
from mnist_rnn.runs.metrics import Curves

MOST_POINTS = 600


def loss_figure(curves: Curves, epochs: int, theme: ThemeName) -> go.Figure:
    """The cross-entropy of training, chunk by chunk, and of validation, epoch by epoch.

    `epochs` is where the horizontal axis ends. Dotted lines stand where the course was changed.
    """
    figure = blank_figure("Loss", theme)
    _add_curves(
        figure,
        (curves.chunk_epoch, curves.chunk_loss),
        (curves.epoch, curves.validation_loss),
        PALETTES[theme],
        ".3f",
    )
    _mark_changes(figure, curves, PALETTES[theme])
    figure.update_yaxes(rangemode="tozero")
    return over_epochs(figure, epochs)


def accuracy_figure(curves: Curves, epochs: int, theme: ThemeName) -> go.Figure:
    """The fraction read correctly at the last row; arguments as for `loss_figure`."""
    figure = blank_figure("Accuracy", theme)
    _add_curves(
        figure,
        (curves.chunk_epoch, curves.chunk_accuracy),
        (curves.epoch, curves.validation_accuracy),
        PALETTES[theme],
        ".1%",
    )
    _mark_changes(figure, curves, PALETTES[theme])
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return over_epochs(figure, epochs)


def rows_figure(
    by_timestep: Sequence[float] | np.ndarray, colour: str, theme: ThemeName
) -> go.Figure:
    """The fraction read correctly after each timestep, (timesteps,)."""
    fractions = np.asarray(by_timestep)
    timesteps = np.arange(1, len(fractions) + 1)
    unit = "row" if len(fractions) == 28 else "timestep"
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
    note = {"text": "guessing", "x": 1, "xanchor": "left", "y": 0.1, "yanchor": "bottom"}
    # Set at once: a figure that is redrawn twice a second has no time for add_hline's checks.
    figure.layout.shapes = [guessing | {"line": {"color": muted, "dash": "dot", "width": 1.5}}]
    figure.layout.annotations = [
        note | {"showarrow": False, "font": {"color": muted, "size": 13}},
    ]
    figure.update_yaxes(range=[0, 1.05], tickformat=".0%", nticks=4)
    figure.update_xaxes(title_text=unit, range=[0.5, len(fractions) + 0.8])
    return figure


def _add_curves(
    figure: go.Figure,
    training: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
    palette: Palette,
    number: str,
) -> None:
    x, y = (thinned(values) for values in training)
    figure.add_scatter(
        x=x,
        y=y,
        name="training",
        mode="lines+markers" if len(x) < 30 else "lines",
        line={"color": palette.training, "width": 2},
        marker={"size": 6},
        hovertemplate=f"%{{y:{number}}}",
    )
    x, y = validation
    figure.add_scatter(
        x=x,
        y=y,
        name="validation",
        mode="lines+markers" if len(x) < 60 else "lines",
        line={"color": palette.validation, "width": 2},
        marker={"size": 9, "symbol": "diamond"},
        hovertemplate=f"%{{y:{number}}}",
    )


def _mark_changes(figure: go.Figure, curves: Curves, palette: Palette) -> None:
    mark = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}
    line = {"color": palette.muted, "dash": "dot", "width": 1.5}
    figure.layout.shapes = [mark | {"x0": x, "x1": x, "line": line} for x in curves.change_epoch]


def blank_figure(title: str, theme: ThemeName) -> go.Figure:
    """Axes and a title in the colours of the theme, and no curves yet."""
    palette = PALETTES[theme]
    text = {"size": 14, "color": palette.text}
    axis = {
        "gridcolor": palette.grid,
        "fixedrange": True,
        "zeroline": False,
        "tickfont": text,
        "title": {"font": text, "standoff": 4},
    }
    return go.Figure(
        layout={
            "title": {"text": title, "font": {"size": 18}, "x": 0, "xref": "paper", "y": 0.98},
            "margin": {"l": 52, "r": 12, "t": 40, "b": 40},
            "font": text,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hovermode": "x unified",
            "dragmode": False,
            "legend": {
                "orientation": "h",
                "x": 1,
                "xanchor": "right",
                "y": 1.02,
                "yanchor": "bottom",
                "font": text,
            },
            "xaxis": axis,
            "yaxis": axis,
        }
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
