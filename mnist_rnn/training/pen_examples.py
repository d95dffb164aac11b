"""Digits that people drew with a pen, to learn from, and what many others would have added.

MNIST, written in America, has next to no ones with a flag and no zeros with a slash, as half the
world writes them. Some plain ones and zeros of the training writers get them here. Readers are
measured on others, which are drawn from nothing: `evaluation/drawn_by_rule.py`.
"""

import numpy as np

from mnist_rnn.digits.mnist import Digits
from mnist_rnn.digits.pen_digits import PenDigit, as_digits, load_pens
from mnist_rnn.digits.strokes import PEN_PIXELS, Stroke

# How many of each are made.
MADE = 1_000
_FOOT_SHARE, _BACKWARDS_SHARE = 0.3, 0.15
# Standard deviation, as a fraction of a digit's height, of where a stroke begins and ends.
_MISS = 0.02

Random = np.random.Generator


def pen_digits(random: Random) -> Digits:
    """The training writers' digits, then ones with a flag and zeros with a slash.

    Raises UserError if the file with the strokes is missing.
    """
    written = load_pens("train")
    lines = [digit for digit in written if digit.label == 1 and is_upright_line(digit)]
    rings = [digit for digit in written if digit.label == 0 and is_ring(digit)]
    made = [
        PenDigit(digits[n].label, digits[n].donor, change(digits[n].strokes[0], random))
        for digits, change in ((lines, flagged), (rings, slashed))
        for n in random.integers(0, len(digits), MADE)
    ]
    return as_digits(written + made)


def flagged(stem: Stroke, random: Random) -> list[Stroke]:
    """A one that was a plain line with a flag, and at times a foot."""
    points = stem.points[np.argsort(stem.points[:, 1], kind="stable")]
    top, bottom = points[0], points[-1]
    height = bottom[1] - top[1]
    fall = np.radians(random.uniform(25, 70))
    reach = random.uniform(0.12, 0.5) * height
    flag = top + reach * np.array([-np.cos(fall), np.sin(fall)])
    # The middle off the straight way: a flag may be bent.
    bent = (flag + top) / 2 + random.normal(0, _MISS * height, 2)
    strokes = [Stroke(np.stack([flag, bent, top, *points[1:]]), PEN_PIXELS)]
    if random.random() < _FOOT_SHARE:
        left, right = random.uniform(0.1, 0.35, 2) * height
        foot = bottom + np.array([[-left, 0], [right, 0]])
        strokes.append(_missed(foot, height, random))
    return strokes


def slashed(ring: Stroke, random: Random) -> list[Stroke]:
    """A zero, made as narrow as some are, with a slash or a bar through its middle."""
    low, high = ring.points.min(0), ring.points.max(0)
    middle, height = (low + high) / 2, high[1] - low[1]
    width = random.uniform(0.24, 0.95) * height
    points = middle + (ring.points - middle) * [width / max(high[0] - low[0], 1), 1]
    rise = np.radians(random.uniform(-5, 89))
    way = np.array([np.cos(rise), -np.sin(rise)])
    if random.random() < _BACKWARDS_SHARE:
        way[0] = -way[0]
    # How far it is from the middle to an ellipse of this size, along the slash.
    radius = 1 / np.hypot(*(way / [width / 2, height / 2]))
    up, down = random.uniform(0.75, 1.5, 2) * radius
    slash = middle + np.stack([up * way, -down * way])
    return [Stroke(points, PEN_PIXELS), _missed(slash, height, random)]


def _missed(ends: np.ndarray, height: float, random: Random) -> Stroke:
    """A line whose ends (2, 2) a hand misses by a little."""
    return Stroke(ends + random.normal(0, _MISS * height, ends.shape), PEN_PIXELS)


def is_upright_line(digit: PenDigit) -> bool:
    """Whether it is one stroke, much higher than wide and hardly longer than it is high."""
    width, height = _size(digit)
    length = np.hypot(*np.diff(digit.strokes[0].points, axis=0).T).sum()
    short = bool(length < 1.15 * _across(digit))
    return len(digit.strokes) == 1 and width < 0.5 * height and short


def is_ring(digit: PenDigit) -> bool:
    """Whether it is one stroke that ends near where it begins."""
    gap = digit.strokes[0].points[0] - digit.strokes[0].points[-1]
    return len(digit.strokes) == 1 and bool(np.hypot(*gap) < 0.25 * _across(digit))


def _size(digit: PenDigit) -> np.ndarray:
    """Its width and height in canvas pixels, (2,)."""
    return np.ptp(np.concatenate([stroke.points for stroke in digit.strokes]), axis=0)


def _across(digit: PenDigit) -> float:
    """The length of its box's diagonal."""
    return float(np.hypot(*_size(digit)))
