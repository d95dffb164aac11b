"""The journey of a drawing through the memories of many digits, on a map of two directions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.journey import together
from mnist_rnn.config import CLASSES
from mnist_rnn.figures.palette import PALETTES, Palette, ThemeName
from mnist_rnn.figures.tiles import Tiles, draw_tiles

SIGNPOSTS = (5, 10, 15, 20, 25)
GAP, STRIP_SHARE = 0.03, 0.2
BADGE = np.array([0.055, 0.09])


@dataclass(frozen=True)
class Journey:
    """One reader's map.

    path: (29, 2), where this drawing's memory is before the first stop and after each of the 28.
    crowd: (28, n, 2), where the memories of n digits are after each stop.
    labels: (n,) uint8, what these digits are.
    centres: (10, 2), the middle of each class at the row looked at, nan where there is none.
    answer: the reader's answer at the row looked at; `trained` if its head was trained there.
    explained: the share of the crowd's variance that the map shows.
    neighbours: digits near in memory, shown down to `rows_read`.
    """

    title: str
    colour: str
    path: np.ndarray
    crowd: np.ndarray
    labels: np.ndarray
    centres: np.ndarray
    answer: int
    trained: bool
    explained: float
    neighbours: Tiles
    rows_read: int


def journey_figure(journeys: Sequence[Journey], row: int, theme: ThemeName = "light") -> go.Figure:
    """The maps of one to three readers after `row` (1 to 28) stops, each above its neighbours."""
    palette = PALETTES[theme]
    figure = go.Figure()
    width = (1 - GAP * (len(journeys) - 1)) / len(journeys)
    for number, journey in enumerate(journeys):
        left = number * (width + GAP)
        axis = 2 * number + 1
        _lay_out_axes(figure, axis, [left, min(1.0, left + width)])
        _draw_map(figure, axis, journey, row, palette)
        draw_tiles(figure, axis + 1, journey.neighbours, journey.rows_read, palette)
    figure.update_layout(
        margin={"l": 2, "r": 2, "t": 30, "b": 26},
        plot_bgcolor="rgba(0,0,0,0)",
        paper_bgcolor="rgba(0,0,0,0)",
        font={"size": 14, "color": palette.text},
        showlegend=False,
        hovermode="closest",
        dragmode=False,
    )
    return figure


def _lay_out_axes(figure: go.Figure, axis: int, span: list[float]) -> None:
    quiet = {"showticklabels": False, "showgrid": False, "zeroline": False, "fixedrange": True}
    for letter, domain in (("x", span), ("y", [STRIP_SHARE + 0.06, 1])):
        figure.layout[f"{letter}axis{_suffix(axis)}"] = {"domain": domain, **quiet}
    figure.layout[f"yaxis{_suffix(axis)}"].update(anchor=_name("x", axis))
    figure.layout[f"xaxis{_suffix(axis)}"].update(anchor=_name("y", axis))
    figure.layout[f"xaxis{axis + 1}"] = {"domain": span}
    figure.layout[f"yaxis{axis + 1}"] = {"domain": [0, STRIP_SHARE]}


def _draw_map(figure: go.Figure, axis: int, journey: Journey, row: int, palette: Palette) -> None:
    axes = {"xaxis": _name("x", axis), "yaxis": _name("y", axis)}
    _draw_crowd(figure, axes, journey, row, palette)
    _draw_path(figure, axes, journey, row, palette)
    _fit_ranges(figure, axis, journey)
    for text, x, anchor, size, colour in (
        (f"<b>{journey.title}</b>", 0, "left", 18, journey.colour),
        (f"shows {journey.explained:.0%} of the differences", 1, "right", 14, palette.muted),
    ):
        figure.add_annotation(
            text=text,
            font={"size": size, "color": colour},
            xref=f"{axes['xaxis']} domain",
            x=x,
            xanchor=anchor,
            yref="paper",
            y=1,
            yanchor="bottom",
            showarrow=False,
        )


def _draw_crowd(
    figure: go.Figure, axes: dict[str, str], journey: Journey, row: int, palette: Palette
) -> None:
    """The crowd as dots in the colours of their classes, each class's digit at its centre.

    Classes too close for two badges share one above them: they have not parted yet.
    """
    points = journey.crowd[row - 1].astype(np.float32)
    edges = np.repeat(np.arange(CLASSES + 1) / CLASSES, 2)[1:-1]
    figure.add_scatter(
        x=points[:, 0],
        y=points[:, 1],
        mode="markers",
        marker={
            "size": 6,
            "opacity": 0.6,
            "color": journey.labels,
            "colorscale": list(zip(edges, np.repeat(palette.classes, 2), strict=True)),
            "cmin": 0,
            "cmax": CLASSES,
        },
        hovertemplate="a test %{marker.color}<extra></extra>",
        **axes,
    )
    for digits in together(journey.centres, BADGE * np.ptp(journey.crowd[-1], axis=0)):
        alone = len(digits) == 1
        members = points[np.isin(journey.labels, digits)]
        x, y = members.mean(0)
        figure.add_annotation(
            text=f"<b>{' '.join(map(str, digits))}</b>",
            font={"size": 20, "color": palette.text},
            bgcolor=palette.background,
            bordercolor=palette.classes[digits[0]] if alone else palette.muted,
            borderwidth=3,
            borderpad=2,
            opacity=0.85,
            xref=axes["xaxis"],
            x=x,
            yref=axes["yaxis"],
            y=y if alone else np.quantile(members[:, 1], 0.98),
            yanchor="middle" if alone else "bottom",
            showarrow=False,
        )


def _draw_path(
    figure: go.Figure, axes: dict[str, str], journey: Journey, row: int, palette: Palette
) -> None:
    """The path: what lies ahead faint, what has been read bold, with signposts, start and end."""
    read, ahead = journey.path[: row + 1], journey.path[row:]
    for points, width, colour, dash in (
        (ahead, 2, palette.muted, "dot"),
        (read, 8, palette.background, "solid"),
        (read, 4, palette.text, "solid"),
    ):
        figure.add_scatter(
            x=points[:, 0],
            y=points[:, 1],
            mode="lines",
            line={"width": width, "color": colour, "dash": dash},
            hoverinfo="skip",
            **axes,
        )
    posts = [post for post in SIGNPOSTS if post < row]
    # Each number stands on the side that the path does not come from or go to.
    around = [journey.path[[post - 1, post + 1], 1].mean() for post in posts]
    sides = [
        "bottom center" if height > journey.path[post, 1] else "top center"
        for post, height in zip(posts, around, strict=True)
    ]
    for points, texts, places, symbol, size in (
        (journey.path[:1], ["start"], "top center", "circle-open", 14),
        (journey.path[posts], [str(post) for post in posts], sides, "circle", 9),
    ):
        figure.add_scatter(
            x=points[:, 0],
            y=points[:, 1],
            mode="markers+text",
            text=texts,
            textposition=places,
            textfont={"size": 15, "color": palette.text, "shadow": "auto"},
            marker={"size": size, "symbol": symbol, "color": palette.text, "line": {"width": 3}},
            hovertemplate="after row %{text}<extra></extra>",
            **axes,
        )
    figure.add_annotation(
        text=f"<b>{journey.answer}</b>",
        font={"size": 24, "color": "#16202b"},
        bgcolor=palette.scan if journey.trained else "#b4b4b4",
        bordercolor=palette.text,
        borderwidth=3,
        borderpad=4,
        xref=axes["xaxis"],
        x=journey.path[row, 0],
        yref=axes["yaxis"],
        y=journey.path[row, 1],
        showarrow=False,
    )


def _fit_ranges(figure: go.Figure, axis: int, journey: Journey) -> None:
    """Room for every row at once, so that the map stands still while the row changes."""
    points = np.concatenate([journey.crowd.reshape(-1, 2), journey.path])
    low, high = points.min(0), points.max(0)
    margin = 0.04 * (high - low) + 1e-6
    names: Any = ("xaxis", "yaxis")
    for name, start, end in zip(names, low - margin, high + margin, strict=True):
        figure.layout[f"{name}{_suffix(axis)}"].range = [float(start), float(end)]


def _suffix(axis: int) -> str:
    return "" if axis == 1 else str(axis)


def _name(letter: str, axis: int) -> str:
    return f"{letter}{_suffix(axis)}"
