"""The style of a handwritten digit in numbers: what is left to choose once its class is known.

The first numbers have names: slant, thickness and width. The others are principal components of
what these leave unexplained among the digits of one class (K. Pearson, On lines and planes of
closest fit to systems of points in space, 1901). Among the training digits of each class, every
number has mean 0 and standard deviation 1 and is uncorrelated with all others, so a style drawn
from a standard normal distribution is as likely as one that was written by hand.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mnist_rnn.config import CLASSES, COLUMNS, ROWS, ModelConfig
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.settings import settings

NAMES = ("slant", "thickness", "width")
MOST_STYLES = int(settings(ModelConfig)["styles"][1].maximum)
# Chosen on drawings: readers recognise more of them than with 1, and they differ almost as much.
RANDOM_DEVIATION = 0.8
# So many images at a time fit into a processor's cache.
_PART = 500
# What hardly varies among the digits is not blown up.
_LEAST_DEVIATION = 1e-3


def names(styles: int) -> tuple[str, ...]:
    """What the numbers of a style are called: the named ones, then shape 1, shape 2, ..."""
    shapes = (f"shape {n}" for n in range(1, styles - len(NAMES) + 1))
    return (*NAMES, *shapes)[:styles]


def at_random(count: int, styles: int, random: np.random.Generator) -> np.ndarray:
    """Styles that somebody might have written in, (count, styles): normal, a little tamed.

    Far from the mean in several numbers at once there were few digits to learn from.
    """
    return random.normal(scale=RANDOM_DEVIATION, size=(count, styles)).astype(np.float32)


def strokes(images: np.ndarray) -> np.ndarray:
    """Slant, thickness and width of the ink of n images (n, 28, 28), as (n, 3).

    Slant is how many columns the ink moves to the right for each row upwards, and width the
    logarithm of the ink's spread across over its spread down once the slant is taken out: both
    are moments of the ink, as in deskewing (Y. LeCun, L. Bottou, Y. Bengio and P. Haffner,
    Gradient-based learning applied to document recognition, 1998). Thickness is in pixels: twice
    the area of the ink over the length of its outline.
    """
    parts = range(0, max(len(images), 1), _PART)
    return np.concatenate([_strokes(images[start : start + _PART]) for start in parts])


def _strokes(images: np.ndarray) -> np.ndarray:
    ink = images.astype(np.float32) / 255
    place = np.arange(ROWS, dtype=np.float32)
    area = ink.sum((1, 2)) + 1e-6
    by_column, by_row = ink.sum(1), ink.sum(2)
    across = place - (by_column @ place / area)[:, None]
    down = place - (by_row @ place / area)[:, None]
    both = ((ink @ across[..., None])[..., 0] * down).sum(1) / area
    tall = (by_row * down**2).sum(1) / area + 1e-6
    wide = (by_column * across**2).sum(1) / area - both**2 / tall
    rise = np.hypot(np.diff(ink, axis=1)[:, :, :-1], np.diff(ink, axis=2)[:, :-1])
    thickness = 2 * area / (rise.sum((1, 2)) + 1e-6)
    return np.stack([-both / tall, thickness, 0.5 * np.log(np.maximum(wide, 1e-6) / tall)], 1)


@dataclass(frozen=True)
class _Spread:
    """How the digits of one class vary: what turns measurements into uncorrelated numbers."""

    mean_strokes: np.ndarray  # (3,)
    decorrelate: np.ndarray  # (3, 3)
    mean_image: np.ndarray  # (196,)
    explained: np.ndarray  # (3, 196), what the named numbers do to the image
    components: np.ndarray  # (196, MOST_STYLES - 3), scaled to standard deviation 1

    @classmethod
    def of(cls, strokes: np.ndarray, small: np.ndarray) -> "_Spread":
        """The spread of n digits: their strokes (n, 3) and small images (n, 196)."""
        mean_strokes, mean_image = strokes.mean(0), small.mean(0)
        # The inverse of a triangular factor: each name keeps what those before it leave over.
        factor = np.linalg.cholesky(np.cov((strokes - mean_strokes).T) + 1e-9 * np.eye(len(NAMES)))
        decorrelate = np.linalg.inv(factor).T
        named, varied = (strokes - mean_strokes) @ decorrelate, small - mean_image
        explained = named.T @ varied / len(small)
        rest = varied - named @ explained
        values, vectors = np.linalg.eigh(rest.T @ rest / len(small))
        leading = slice(-1, -1 - (MOST_STYLES - len(NAMES)), -1)
        values, vectors = values[leading], vectors[:, leading]
        vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(0), np.arange(len(values))])
        deviations = np.sqrt(np.maximum(values, _LEAST_DEVIATION**2))
        return cls(mean_strokes, decorrelate, mean_image, explained, vectors / deviations)

    def measure(self, strokes: np.ndarray, small: np.ndarray) -> np.ndarray:
        """The style numbers of n digits of this class, (n, MOST_STYLES)."""
        named = (strokes - self.mean_strokes) @ self.decorrelate
        rest = small - self.mean_image - named @ self.explained
        return np.concatenate([named, rest @ self.components], 1)


class StyleScale:
    """Measures styles on the scale of the digits that it was made from."""

    def __init__(self, digits: Digits) -> None:
        """Every class must be among the digits, with at least two that differ."""
        measured, small = strokes(digits.images), _small(digits.images)
        self._spreads = [
            _Spread.of(measured[digits.labels == label], small[digits.labels == label])
            for label in range(CLASSES)
        ]

    def measure(self, digits: Digits, styles: int = MOST_STYLES) -> np.ndarray:
        """The first `styles` style numbers of n digits, each as one of its class: (n, styles)."""
        measured, small = strokes(digits.images), _small(digits.images)
        numbers = np.zeros((len(digits), MOST_STYLES), np.float32)
        for label, spread in enumerate(self._spreads):
            mine = digits.labels == label
            numbers[mine] = spread.measure(measured[mine], small[mine])
        return numbers[:, :styles]


@lru_cache(maxsize=1)
def training_scale() -> StyleScale:
    """The scale of the 50,000 training digits, on which every drawer's styles are; about 2 s."""
    return StyleScale(load_digits("train"))


def _small(images: np.ndarray) -> np.ndarray:
    """Images (n, 28, 28) at half the resolution, (n, 196), ink from 0 to 1.

    That shows all that the leading components describe, at a sixteenth of the cost.
    """
    total = np.zeros((len(images), ROWS // 2, COLUMNS // 2), np.float32)
    for row, column in np.ndindex(2, 2):
        total += images[:, row::2, column::2]
    return total.reshape(len(images), -1) / (4 * 255)
