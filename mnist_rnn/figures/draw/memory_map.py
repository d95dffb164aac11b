"""A map of hidden states: many digits as dots, and one drawing's path among them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import CLASSES
from mnist_rnn.figures.draw.tiles import Tiles
from mnist_rnn.figures.layout import Note, note
from mnist_rnn.figures.palette import Palette

SIGNPOSTS = (5, 10, 15, 20, 25)
# Dark on bright in both themes.
INK_ON_BOX, UNTRAINED_BOX = "#16202b", "#b4b4b4"


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


def draw_crowd(
    figure: go.Figure, axes: dict[str, str], journey: Journey, row: int, palette: Palette
) -> None:
    """The crowd as dots in the colours of their classes."""
    points = journey.crowd[row - 1].astype(np.float32)
    edges = np.repeat(np.arange(CLASSES + 1) / CLASSES, 2)[1:-1]
    figure.add_scatter(
        x=points[:, 0],
        y=points[:, 1],
        mode="markers",
        marker={
            "size": 6,
            "opacity": 0.7,
            "color": journey.labels,
            "colorscale": list(zip(edges, np.repeat(palette.classes, 2), strict=True)),
            "cmin": 0,
            "cmax": CLASSES,
        },
        hovertemplate="a test %{marker.color}<extra></extra>",
        **axes,
    )


def badges(
    axes: dict[str, str], journey: Journey, groups: Sequence[Sequence[int]], palette: Palette
) -> list[Note]:
    """The digit at the middle of its class, or two where two middles would hide each other."""
    return [
        note(
            f"<b>{' '.join(map(str, digits))}</b>",
            20,
            palette.text,
            **_box(axes, journey.centres[list(digits)].mean(0), palette.background, 2),
            bordercolor=palette.classes[digits[0]] if len(digits) == 1 else palette.muted,
            opacity=0.85,
        )
        for digits in groups
    ]


def boxed_answer(axes: dict[str, str], journey: Journey, row: int, palette: Palette) -> Note:
    """The answer where the path has come to, grey where the head was never trained."""
    fill = palette.scan if journey.trained else UNTRAINED_BOX
    box = _box(axes, journey.path[row], fill, 4)
    return note(f"<b>{journey.answer}</b>", 24, INK_ON_BOX, **box, bordercolor=palette.text)


def _box(axes: dict[str, str], point: np.ndarray, fill: str, padding: int) -> Note:
    """A box around a note at a point of the map."""
    place = {"xref": axes["xaxis"], "x": point[0], "yref": axes["yaxis"], "y": point[1]}
    return place | {"bgcolor": fill, "borderwidth": 3, "borderpad": padding}


def draw_path(
    figure: go.Figure, axes: dict[str, str], journey: Journey, row: int, palette: Palette
) -> None:
    """The path: what lies ahead faint, what has been read bold, with signposts and start."""
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
