"""The validation curves of several runs on one chart, with training dotted behind them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.figures.layout import CLEAR, above, grid_axis, note, plain, see_through
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.figures.train.axes import over_epochs, thinned
from mnist_rnn.runs.metrics import Curves

# M. Okabe and K. Ito's colours as far as they stand out on the page; where two of them come near
# each other for somebody, the markers still differ.
COLOURS: dict[ThemeName, tuple[str, ...]] = {
    "light": ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#16202b", "#8c6d00"),
    "dark": ("#6fbcf0", "#ff9d5c", "#4cc9a0", "#d991cf", "#eef2f6", "#f0e442"),
}
MARKERS = ("circle", "diamond", "square", "triangle-up", "x", "star")
MOST_RUNS = len(MARKERS)
_LEGEND_ROW_PIXELS, _LEGEND_CHARACTERS = 27, 84


@dataclass(frozen=True)
class Compared:
    """One run on the chart: what tells it apart from the others, and its curves."""

    name: str
    curves: Curves


def overlay_figure(runs: Sequence[Compared], theme: ThemeName) -> go.Figure:
    """Accuracy on the left, loss on the right, over epochs; at most MOST_RUNS runs."""
    figure = go.Figure()
    _lay_out(figure, [run.name for run in runs], theme)
    for place, run in enumerate(runs):
        curves, colour = run.curves, COLOURS[theme][place]
        for axis, training, validation, number in (
            ("", curves.chunk_accuracy, curves.validation_accuracy, ".1%"),
            ("2", curves.chunk_loss, curves.validation_loss, ".3f"),
        ):
            common: dict[str, Any] = {
                "name": plain(run.name),
                "legendgroup": str(place),
                "xaxis": f"x{axis}",
                "yaxis": f"y{axis}",
            }
            figure.add_scatter(
                **common,
                x=thinned(curves.chunk_epoch),
                y=thinned(training),
                mode="lines",
                line={"color": colour, "width": 1.5, "dash": "dot"},
                opacity=0.6,
                showlegend=False,
                hoverinfo="skip",
            )
            figure.add_scatter(
                **common,
                x=curves.epoch,
                y=validation,
                mode="lines+markers",
                line={"color": colour, "width": 3},
                marker={
                    "size": 9,
                    "symbol": MARKERS[place],
                    # Of a long run, only some of the points.
                    "maxdisplayed": 15,
                },
                showlegend=not axis,
                hovertemplate=f"%{{y:{number}}}",
            )
    return over_epochs(figure, math.ceil(_highest_epoch(runs)))


def _lay_out(figure: go.Figure, names: Sequence[str], theme: ThemeName) -> None:
    palette = PALETTES[theme]
    longest = max(map(len, names), default=0)
    columns = next((n for n in (3, 2) if longest <= _LEGEND_CHARACTERS / n), 1)
    legend_rows = -(-len(names) // columns)
    text = {"size": 15, "color": palette.text}
    axis = grid_axis(palette, 15)
    epochs = axis | {"title": {"text": "epoch", "font": text}, "rangemode": "tozero"}
    figure.update_layout(
        see_through(
            palette,
            (56, 36 + _LEGEND_ROW_PIXELS * legend_rows, 12, 46),
            font=text,
            hovermode="x unified",
        ),
        hoverlabel={"namelength": 40},
        legend={
            "orientation": "h",
            "entrywidthmode": "fraction",
            "entrywidth": 0.98 / columns,
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "font": {"size": 16, "color": palette.text},
            "bgcolor": CLEAR,
        },
        xaxis=epochs | {"domain": [0, 0.46], "anchor": "y"},
        yaxis=axis | {"anchor": "x", "tickformat": ".0%"},
        xaxis2=epochs | {"domain": [0.56, 1], "anchor": "y2"},
        yaxis2=axis | {"anchor": "x2", "rangemode": "tozero"},
    )
    for title, left in (("Accuracy", 0.0), ("Loss", 0.56)):
        figure.add_annotation(note(f"<b>{title}</b>", 18, palette.text, **above(left, 4)))


def _highest_epoch(runs: Sequence[Compared]) -> float:
    """The last epoch that any of these runs has reached; 0 if none has a curve."""
    return max((float(np.max(r.curves.chunk_epoch, initial=0)) for r in runs), default=0.0)
