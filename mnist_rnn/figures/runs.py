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

_MUSTARD: dict[ThemeName, str] = {"light": "#8c6d00", "dark": "#f0e442"}
# Where two colours come near each other for somebody, the markers still differ.
MARKERS = ("circle", "diamond", "square", "triangle-up", "x", "star")
MOST_RUNS = len(MARKERS)
_LEGEND_ROW_PIXELS, _LEGEND_CHARACTERS = 27, 84


@dataclass(frozen=True)
class Compared:
    """One run on the chart: what tells it apart from the others, its head and its curves.

    `head` is None where the configuration is damaged.
    """

    name: str
    head: str | None
    curves: Curves


def overlay_figure(runs: Sequence[Compared], theme: ThemeName) -> go.Figure:
    """Accuracy on the left, loss on the right, over epochs; at most MOST_RUNS runs."""
    figure = go.Figure()
    _lay_out(figure, [run.name for run in runs], theme)
    colours = _colours([run.head for run in runs], theme)
    for place, (run, colour) in enumerate(zip(runs, colours, strict=True)):
        curves = run.curves
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
            # Of a long run, only some of the points.
            marker = {"size": 9, "symbol": MARKERS[place], "maxdisplayed": 15}
            figure.add_scatter(
                **common,
                x=curves.epoch,
                y=validation,
                mode="lines+markers",
                line={"color": colour, "width": 3},
                marker=marker,
                showlegend=not axis,
                hovertemplate=f"%{{y:{number}}}",
            )
    reached = (float(np.max(run.curves.chunk_epoch, initial=0)) for run in runs)
    return over_epochs(figure, math.ceil(max(reached, default=0)))


def _colours(heads: Sequence[str | None], theme: ThemeName) -> list[str]:
    """A colour for each of at most MOST_RUNS runs: the first of each head has that of its head.

    Orange and blue mean the heads that they mean everywhere; the further runs take other colours.
    """
    palette = PALETTES[theme]
    free = [palette.heads[head] for head in ("one_to_one", "one_to_many") if head not in heads]
    others = iter([palette.text, _MUSTARD[theme], *free, palette.muted, palette.ghost])
    return [
        palette.heads[head] if head and head not in heads[:place] else next(others)
        for place, head in enumerate(heads)
    ]


def _lay_out(figure: go.Figure, names: Sequence[str], theme: ThemeName) -> None:
    palette = PALETTES[theme]
    longest = max(map(len, names), default=0)
    columns = next((n for n in (3, 2) if longest <= _LEGEND_CHARACTERS / n), 1)
    legend_rows = -(-len(names) // columns)
    axis = grid_axis(palette, 15)
    text = axis["tickfont"]
    epochs = axis | {"title": {"text": "epoch", "font": text}, "rangemode": "tozero"}
    margin = (56, 36 + _LEGEND_ROW_PIXELS * legend_rows, 12, 46)
    figure.update_layout(
        see_through(palette, margin, font=text, hovermode="x unified"),
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
