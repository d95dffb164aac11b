"""Drawings that are surely no digits, for a network to learn doubt from.

D. Hendrycks, M. Mazeika and T. Dietterich, Deep anomaly detection with outlier exposure (2019):
a classifier that has seen some outliers, of any kind, doubts other kinds as well.
"""

from collections.abc import Callable

import numpy as np

from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.digits.as_mnist import cropped, to_mnist
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.digits.strokes import Stroke, pencil

_CANVAS, _PEN_PIXELS = 200.0, 20.0
# The fraction of a drawing's size by which a hand misses where it meant to go.
_WOBBLE = 0.03

Random = np.random.Generator
Lines = list[np.ndarray]


def non_digits(count: int, digits: Digits, random: Random) -> np.ndarray:
    """Images (count, 28, 28) uint8 of what is no digit, made as a drawing's image is made.

    Scribbles, zigzags, polygons, crosses, grids, loose lines and made-up letters, as strokes of
    the pen; and of `digits` two side by side, or one that does not stand as digits stand.
    """
    kinds = (*_DRAWINGS, *_DRAWINGS, *_COLLAGES)
    images = np.empty((count, ROWS, COLUMNS), np.uint8)
    for place, kind in enumerate(random.integers(0, len(kinds), count)):
        if kind < 2 * len(_DRAWINGS):
            images[place] = drawing_to_image(by_hand(_DRAWINGS[kind // 2](random), random))
        else:
            images[place] = _COLLAGES[kind - 2 * len(_DRAWINGS)](digits, random)
    return images


def by_hand(lines: Lines, random: Random) -> list[Stroke]:
    """Lines of points (n, 2) in a square of side 1 as a hand with a pen would draw them."""
    width, height = np.exp(random.normal(0, 0.2, 2))
    slant = random.normal(0, 0.15)
    shape = np.array([[width, 0], [slant, height]]) * _CANVAS
    return [
        pencil((line + random.normal(0, _WOBBLE, line.shape)) @ shape, _PEN_PIXELS)
        for line in lines
    ]


def _scribble(random: Random) -> Lines:
    """A smooth line to and fro: the pencil rounds the corners."""
    return [random.uniform(0, 1, (random.integers(8, 20), 2))]


def _zigzag(random: Random) -> Lines:
    """A line back and forth across the way it goes."""
    turns = int(random.integers(6, 12))
    along = np.linspace(0, 1, turns)
    across = np.arange(turns) % 2 * random.uniform(0.4, 1)
    return [_turned(np.stack([along, across], 1), random.choice([0, 90]))]


def _polygon(random: Random) -> Lines:
    """A closed line with straight sides, which cross each other as they like."""
    corners = random.uniform(0, 1, (random.integers(5, 9), 2))
    return [straight(np.concatenate([corners, corners[:1]]))]


def _cross(random: Random) -> Lines:
    """Bars of equal length through one point: a plus sign or an asterisk."""
    bars = int(random.integers(2, 5))
    turn = random.choice([0, 90 / bars])
    bar = np.array([[0.0, 0.5], [1.0, 0.5]])
    return [straight(_turned(bar, turn + 180 * n / bars)) for n in range(bars)]


def _grid(random: Random) -> Lines:
    """Lines across lines, as for noughts and crosses."""
    down, across = random.integers(2, 4, 2)
    upright = [np.array([[x, 0], [x, 1]]) for x in np.linspace(0.15, 0.85, across)]
    level = [np.array([[0, y], [1, y]]) for y in np.linspace(0.15, 0.85, down)]
    return [straight(line) for line in upright + level]


def _loose_lines(random: Random) -> Lines:
    """Some straight lines that have nothing to do with each other."""
    return [straight(random.uniform(0, 1, (2, 2))) for _ in range(random.integers(4, 8))]


def _letter(random: Random) -> Lines:
    """Straight strokes between the crossings of a grid of 3x3: a letter of no alphabet."""
    strokes = []
    for _ in range(random.integers(4, 7)):
        start, end = random.choice(9, 2, replace=False)
        ends = np.array([[start % 3, start // 3], [end % 3, end // 3]]) / 2
        strokes.append(straight(ends))
    return strokes


def side_by_side(digits: Digits, random: Random) -> np.ndarray:
    """Two digits, one next to the other."""
    left, right = (cropped(digits.images[n]) for n in random.integers(0, len(digits), 2))
    height = max(len(left), len(right))
    gap = np.zeros((height, random.integers(1, 4)))
    padded = [np.pad(part, ((0, height - len(part)), (0, 0))) for part in (left, right)]
    return to_mnist(np.concatenate([padded[0], gap, padded[1]], 1) / 255)


# How a digit can be turned or mirrored without becoming another one, or staying what it was.
_TURNS: dict[int, tuple[Callable[[np.ndarray], np.ndarray], ...]] = {
    3: (np.fliplr, np.rot90),
    4: (np.flipud, np.rot90),
    5: (np.rot90,),
    7: (np.fliplr, np.flipud),
    9: (np.fliplr,),
}


def turned_over(digits: Digits, random: Random) -> np.ndarray:
    """A digit mirrored or lying on its side."""
    label = int(random.choice(list(_TURNS)))
    image = digits.images[random.choice(np.flatnonzero(digits.labels == label))]
    turns = _TURNS[label]
    return to_mnist(turns[random.integers(len(turns))](image) / 255)


_DRAWINGS = (_scribble, _zigzag, _polygon, _cross, _grid, _loose_lines, _letter)
_COLLAGES = (side_by_side, side_by_side, turned_over, turned_over)


def _turned(points: np.ndarray, degrees: float) -> np.ndarray:
    """Points (n, 2) turned about the middle of the square."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return (points - 0.5) @ np.array([[cos, sin], [-sin, cos]]) + 0.5


def straight(corners: np.ndarray) -> np.ndarray:
    """The points of a line that stays straight when the pencil rounds every position it passes."""
    between = np.linspace(corners[:-1], corners[1:], 5)[:-1]  # (4, sides, 2)
    return np.concatenate([between.swapaxes(0, 1).reshape(-1, 2), corners[-1:]])
