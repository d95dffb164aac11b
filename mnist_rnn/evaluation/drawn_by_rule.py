"""Ones with a flag and zeros with a slash, drawn by rule as many people write them.

MNIST has next to none of them. They are for measuring only: no reader learns from them.
"""

from functools import cache

import numpy as np

from mnist_rnn.digits.mnist import Digits
from mnist_rnn.digits.non_digits import Random
from mnist_rnn.digits.pen_digits import PenDigit, as_digits
from mnist_rnn.digits.strokes import CANVAS_PIXELS, PEN_PIXELS, Stroke, pencil

EXAMPLES = 160
_SEED = 1
_STEP_PIXELS = 8.0
_SHAKE_PIXELS, _TREMBLE_PIXELS = 3.0, 1.0


@cache
def digits_by_rule() -> dict[str, Digits]:
    """160 images (160, 28, 28) of each kind, by its name; always the same ones."""
    return {
        f"{kind}_by_rule": as_digits(made(EXAMPLES, np.random.default_rng(_SEED)))
        for kind, made in (("ones", ones), ("zeros", zeros))
    }


def ones(count: int, random: Random) -> list[PenDigit]:
    """Ones of a flag and a stem, without a foot, in one stroke.

    The flag is 0.15 to 0.5 of the height and falls by 25 to 65 degrees from the top to the left;
    the stem leans by -10 to 20 degrees to the right.
    """
    return [PenDigit(1, "by rule", _one(random)) for _ in range(count)]


def zeros(count: int, random: Random) -> list[PenDigit]:
    """Zeros of an ellipse and a slash that rises to the right.

    They are 44 to 120 pixels wide and 150 to 200 high; the slash has 40 to 88 degrees and reaches
    0.9 to 1.35 times as far from the middle as the ellipse does there.
    """
    return [PenDigit(0, "by rule", _zero(random)) for _ in range(count)]


def _one(random: Random) -> list[Stroke]:
    height = random.uniform(150, 200)
    flag = random.uniform(0.15, 0.5) * height
    fall, lean = np.radians([random.uniform(25, 65), random.uniform(-10, 20)])
    top = np.array([height * np.tan(lean) / 2, -height / 2])
    corners = [top + flag * np.array([-np.cos(fall), np.sin(fall)]), top, -top]
    return [_by_hand(np.array(corners), random)]


def _zero(random: Random) -> list[Stroke]:
    radii = np.array([random.uniform(44, 120), random.uniform(150, 200)]) / 2
    turn = -np.pi / 2 - random.uniform(-0.3, 0.3) - np.linspace(0, 2.05 * np.pi, 60)
    rise = np.radians(random.uniform(40, 88))
    way = np.array([np.cos(rise), -np.sin(rise)])
    end = random.uniform(0.9, 1.35) * way / np.hypot(*(way / radii))
    ellipse = np.stack([np.cos(turn), np.sin(turn)], 1) * radii
    return [_by_hand(ellipse, random), _by_hand(np.array([end, -end]), random)]


def _by_hand(corners: np.ndarray, random: Random) -> Stroke:
    """A line through corners (n, 2) about the middle of the canvas, with a hand's jitter.

    The hand is off by some pixels, which change slowly along the line, and trembles a little.
    """
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    along = np.concatenate([[0], np.cumsum(lengths)])
    places = np.linspace(0, along[-1], max(3, round(along[-1] / _STEP_PIXELS)))
    points = np.stack([np.interp(places, along, axis) for axis in corners.T], 1)
    knots = np.linspace(0, along[-1], 5)
    for axis in range(2):
        points[:, axis] += np.interp(places, knots, random.normal(0, _SHAKE_PIXELS, 5))
    points += random.normal(0, _TREMBLE_PIXELS, points.shape)
    return pencil(np.rint(points + CANVAS_PIXELS / 2), PEN_PIXELS)
