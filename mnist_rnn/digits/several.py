"""Which parts of ink make up which digit, on a photo as in a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mnist_rnn.digits.ink import coverage
from mnist_rnn.digits.parts import Box, Parts, joined, parts_of
from mnist_rnn.digits.strokes import Stroke

MOST_PARTS = 100  # of a sheet; the largest ones
_PIXELS = 160  # parts nearer to each other than one of so many a side are one
_LEAST_INK = 0.1  # less is a JPEG's ringing
_SMALLEST_PART = 0.05
_SMALLEST_DIGIT = 0.2  # of the largest


@dataclass(frozen=True)
class FoundDigit:
    """One digit of a picture: `ink`, float32 from 0 to 1, is what of it lies in its `box`."""

    box: Box
    ink: np.ndarray

    def moved(self, right: int, down: int) -> "FoundDigit":
        """The digit as it lies in a picture of which this one was a part."""
        left, top, *_ = self.box
        return FoundDigit(
            Box(left + right, top + down, self.box.right + right, self.box.bottom + down), self.ink
        )


def digits_in(ink: np.ndarray) -> list[FoundDigit]:
    """The digits in ink (h, w), row by row from left to right; none if there is no ink.

    Specks, and what the picture's edge cuts off of something smaller than the digit, are none.
    """
    parts = parts_of(ink > _LEAST_INK, _PIXELS)
    if not parts.boxes:
        return []
    mass = np.bincount(parts.labels.ravel(), ink.ravel())[1:]
    kept = _not_cut_off(parts, mass)
    kept &= mass > _SMALLEST_PART * mass[kept].max()
    numbers = np.flatnonzero(kept)
    numbers = numbers[np.argsort(mass[numbers])[-MOST_PARTS:]]
    groups = _groups([parts.boxes[n] for n in numbers], mass[numbers])
    found = []
    for group in range(groups.max() + 1):
        own = numbers[groups == group]
        box = parts.boxes[own[0]]
        for number in own[1:]:
            box = box.around(parts.boxes[number])
        inside = np.isin(box.of(parts.labels), own + 1)
        found.append(FoundDigit(box, box.of(ink) * inside))
    return _in_reading_order(found)


def digits_in_drawing(strokes: Sequence[Stroke]) -> list[list[int]]:
    """The numbers, from 0, of the strokes of each digit of a drawing, from left to right.

    Each stroke is of one digit; without strokes there is none.
    """
    if not strokes:
        return []
    points = np.concatenate([stroke.points for stroke in strokes])
    margin = max(stroke.width for stroke in strokes)
    corner = points.min(0) - margin  # no edge cuts off what was drawn
    scale = _PIXELS / (points.max(0) + margin - corner).max()
    placed = [Stroke((s.points - corner) * scale, s.width * scale) for s in strokes]
    found = digits_in(coverage(placed, _PIXELS, _PIXELS))
    drawn: list[list[int]] = [[] for _ in range(max(len(found), 1))]
    for number, small in enumerate(placed):
        middle = small.points.mean(0)
        gaps = [_gap(digit.box, Box(*middle, *middle)) for digit in found]
        drawn[int(np.argmin(gaps)) if gaps else 0].append(number)
    return [digit for digit in drawn if digit]


def _not_cut_off(parts: Parts, mass: np.ndarray) -> np.ndarray:
    """Which parts, (n,) bool, are no rest of something that the edge of the picture cuts off.

    What touches the edge stays if it is larger than all that does not, and lies in the middle: so
    a digit that fills the picture does, and a dark corner, the table or a frame of it does not.
    """
    inside = np.array([_reach(box, parts.labels.shape) > 0 for box in parts.boxes])
    largest_inside = mass[inside].max(initial=0)
    if largest_inside < _SMALLEST_PART * mass.max():
        return mass > 0
    central = [_in_the_middle(box, parts.labels.shape) for box in parts.boxes]
    labels = parts.labels
    outline = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    along = np.bincount(outline, minlength=len(mass) + 1)[1:]
    return inside | (central & (along < len(outline) / 2) & (mass > largest_inside))


def _reach(box: Box, shape: tuple[int, ...]) -> int:
    """How many pixels lie between a box and the nearest edge of a picture (h, w)."""
    return min(box.left, box.top, shape[1] - box.right, shape[0] - box.bottom)


def _in_the_middle(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether the middle of a box lies in the middle half of a picture (h, w), each way."""
    x, y = (box.left + box.right) / 2 / shape[1], (box.top + box.bottom) / 2 / shape[0]
    return max(abs(x - 0.5), abs(y - 0.5)) < 0.25


def _groups(boxes: Sequence[Box], mass: np.ndarray) -> np.ndarray:
    """Which digit, from 0, each of n parts is of, (n,)."""
    heights = np.array([box.height for box in boxes])
    # A thin one has little ink beside a fat two.
    sizes = np.maximum(mass / mass.max(), (heights / heights.max()) ** 2 / 2)
    large = np.flatnonzero(sizes > _SMALLEST_DIGIT).tolist()
    pairs = [
        (one, other)
        for one, other in combinations(large, 2)
        if _of_one_digit(boxes[one], boxes[other])
    ]
    for small in set(range(len(boxes))) - set(large):
        gaps = [_gap(boxes[small], boxes[number]) for number in large]
        pairs.append((small, large[int(np.argmin(gaps))]))
    ones, others = np.array(pairs, int).reshape(-1, 2).T
    return joined(len(boxes), ones, others)


def _of_one_digit(one: Box, other: Box) -> bool:
    """Whether two large parts belong together: above each other, or unlike and close."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    tallest = max(one.height, other.height)
    if across > 0.15 * min(one.width, other.width):
        return -down < 0.25 * tallest
    return min(one.height, other.height) < 0.5 * tallest and max(-across, -down) < 0.2 * tallest


def _gap(one: Box, other: Box) -> float:
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return float(np.hypot(max(across, 0), max(down, 0)))


def _in_reading_order(found: list[FoundDigit]) -> list[FoundDigit]:
    rows: list[list[FoundDigit]] = []
    for digit in sorted(found, key=lambda digit: digit.box.top + digit.box.bottom):
        middle = (digit.box.top + digit.box.bottom) / 2
        if rows and middle < max(other.box.bottom for other in rows[-1]):
            rows[-1].append(digit)
        else:
            rows.append([digit])
    return [digit for row in rows for digit in sorted(row, key=lambda digit: digit.box.left)]
