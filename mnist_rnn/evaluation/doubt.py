"""How sure a reader is of drawings that are no digits.

They are made otherwise than those of `digits/non_digits.py`, from which readers learn to doubt, and
most are of kinds that are not among them: what is measured is whether doubt carries over to what
was never seen.
"""

from functools import cache

import numpy as np

from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.non_digits import Lines, Random, by_hand, straight
from mnist_rnn.digits.pen_digits import load_pens
from mnist_rnn.digits.strokes import Stroke
from mnist_rnn.evaluation.accuracy import traces
from mnist_rnn.network.reader import Reader

ALMOST_SURE = 0.9
_EXAMPLES = 20
_SEED = 2016

# Letters that no digit looks like, as strokes in a square of side 1, y pointing down.
_Corners = list[list[tuple[float, float]]]
_LETTERS: dict[str, _Corners] = {
    "A": [[(0, 1), (0.5, 0), (1, 1)], [(0.2, 0.6), (0.8, 0.6)]],
    "E": [[(1, 0), (0, 0), (0, 1), (1, 1)], [(0, 0.5), (0.8, 0.5)]],
    "F": [[(1, 0), (0, 0), (0, 1)], [(0, 0.5), (0.8, 0.5)]],
    "H": [[(0, 0), (0, 1)], [(1, 0), (1, 1)], [(0, 0.5), (1, 0.5)]],
    "K": [[(0, 0), (0, 1)], [(0.9, 0), (0, 0.55), (0.9, 1)]],
    "M": [[(0, 1), (0.1, 0), (0.5, 0.6), (0.9, 0), (1, 1)]],
    "N": [[(0, 1), (0, 0), (0.9, 1), (0.9, 0)]],
    "R": [[(0, 1), (0, 0), (0.6, 0), (0.8, 0.25), (0.6, 0.5), (0, 0.5)], [(0.3, 0.5), (0.9, 1)]],
    "W": [[(0, 0), (0.25, 1), (0.5, 0.3), (0.75, 1), (1, 0)]],
    "X": [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
}
_SHAPES: dict[str, _Corners] = {
    "triangle": [[(0.5, 0), (1, 0.9), (0, 0.9), (0.5, 0)]],
    "star": [[(0.2, 1), (0.5, 0), (0.8, 1), (0, 0.38), (1, 0.38), (0.2, 1)]],
    "house": [[(0, 1), (0, 0.4), (1, 0.4), (1, 1), (0, 1)], [(0, 0.4), (0.5, 0), (1, 0.4)]],
    "envelope": [[(0, 0.2), (1, 0.2), (1, 0.9), (0, 0.9), (0, 0.2), (0.5, 0.6), (1, 0.2)]],
    "arrow": [[(0, 0.5), (1, 0.5)], [(0.6, 0.1), (1, 0.5), (0.6, 0.9)]],
}


# Its outline, from the wrist over five fingers to the wrist.
_HAND = np.array(
    [
        *[(0.3, 1), (0.25, 0.7), (0, 0.45), (0.08, 0.36), (0.27, 0.55), (0.25, 0.1), (0.36, 0.08)],
        *[(0.41, 0.45), (0.45, 0), (0.56, 0), (0.57, 0.45), (0.65, 0.05), (0.75, 0.08)],
        *[(0.71, 0.5), (0.84, 0.25), (0.93, 0.3), (0.82, 0.7), (0.72, 1)],
    ]
)
# What stays a digit when it is turned by a quarter, or becomes a dash, is left out.
_UPRIGHT_ONLY = (2, 3, 4, 5, 6, 7, 9)


@cache
def no_digits() -> dict[str, np.ndarray]:
    """20 drawings (20, 28, 28) uint8 of each kind, by its name; always the same ones."""
    random = np.random.default_rng(_SEED)
    outlines = {
        kind: [straight(np.array(corners, float)) for corners in lines]
        for kind, lines in (_LETTERS | _SHAPES).items()
    }
    curves = {"spiral": _spiral(), "heart": _heart(), "face": _face()}
    images = {
        kind: np.stack([drawing_to_image(by_hand(lines, random)) for _ in range(_EXAMPLES)])
        for kind, lines in (outlines | curves).items()
    }
    tangles = [drawing_to_image(by_hand(_tangle(random), random)) for _ in range(_EXAMPLES)]
    return images | {
        "scribble": np.stack(tangles),
        "two digits": _two_digits(random),
        "hand": np.stack([drawing_to_image(by_hand([_HAND], random)) for _ in range(_EXAMPLES)]),
        "on its side": _on_their_side(random),
    }


def top_probabilities(reader: Reader, images: np.ndarray) -> np.ndarray:
    """The probability of the answer after the last timestep to each of n images, (n,)."""
    return np.concatenate([t.probabilities[:, -1].max(-1) for t in traces(reader, images)])


def _spiral() -> Lines:
    turn = np.linspace(0.5, 6 * np.pi, 60)
    return [_polar(turn / turn[-1] / 2, turn)]


def _heart() -> Lines:
    """As on many a valentine."""
    t = np.linspace(0, 2 * np.pi, 40)
    across = 16 * np.sin(t) ** 3
    up = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return [np.stack([across / 34 + 0.5, 0.4 - up / 34], 1)]


def _face() -> Lines:
    """A circle with two eyes and a mouth."""
    outline = _polar(np.full(30, 0.5), np.linspace(0, 2 * np.pi, 30))
    mouth = _polar(np.full(8, 0.25), np.linspace(0.2, 0.8, 8) * np.pi)
    eyes = [np.array([[x, 0.3], [x, 0.42]]) for x in (0.35, 0.65)]
    return [outline, mouth, *eyes]


def _tangle(random: Random) -> Lines:
    """A pen that goes round and round without lifting: a sum of a few swings."""
    t = np.linspace(0, 2 * np.pi, 120)
    swings = np.arange(1, 6)[:, None]
    phases = random.uniform(0, 2 * np.pi, (2, len(swings), 1))
    return [0.5 + 0.2 * np.sin(swings * t + phases).sum(1).T]


def _two_digits(random: Random) -> np.ndarray:
    """Test digits that were written one after the other, as for a number, (20, 28, 28) uint8."""
    digits = load_digits("test")
    pairs = random.integers(0, len(digits), (_EXAMPLES, 2))
    return np.stack([to_mnist(np.concatenate(digits.images[pair], 1) / 255) for pair in pairs])


def _on_their_side(random: Random) -> np.ndarray:
    """Pen digits of the writers that only report, turned by about a quarter, (20, 28, 28) uint8."""
    digits = [digit for digit in load_pens("report") if digit.label in _UPRIGHT_ONLY]
    lying = []
    for n in random.choice(len(digits), _EXAMPLES, replace=False):
        turn = np.radians(random.choice([-1, 1]) * random.uniform(75, 105))
        matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        turned = [Stroke(stroke.points @ matrix, stroke.width) for stroke in digits[n].strokes]
        lying.append(drawing_to_image(turned))
    return np.stack(lying)


def _polar(radius: np.ndarray, turn: np.ndarray) -> np.ndarray:
    return np.stack([0.5 + radius * np.cos(turn), 0.5 + radius * np.sin(turn)], 1)
