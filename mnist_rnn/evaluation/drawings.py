"""Whether drawings are any good: a reader names them, and they differ as handwriting does."""

from functools import lru_cache

import numpy as np

from mnist_rnn.config import CLASSES
from mnist_rnn.digits.handwriting import at_random, training_scale
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.network.catalog import SHIPPED
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader

# While a network learns to draw, one reader judges it row by row; in the end another one does,
# so that a drawing can't be good merely because it suits its judge.
JUDGE = "rnn-many_to_many-classroom"
LAST_JUDGE = "cnn_rnn-many_to_one-classroom"
_BATCH = 500


@lru_cache(maxsize=2)
def judge(key: str = JUDGE) -> Reader:
    """A shipped reader that judges drawings; raises UserError if its file is missing."""
    return Reader.load(SHIPPED / f"{key}.safetensors")


def redrawn(drawer: Drawer, digits: Digits) -> Digits:
    """What a network draws when it is asked for the classes and the styles of these digits."""
    styles = training_scale().measure(digits, drawer.config.styles)
    return _drawn(drawer, digits.labels, styles)


def sampled(drawer: Drawer, count: int, random: np.random.Generator) -> Digits:
    """`count` drawings, as many of each class as of any other, in styles drawn at random."""
    styles = at_random(count, drawer.config.styles, random)
    return _drawn(drawer, np.arange(count) % CLASSES, styles)


def variety(digits: Digits) -> np.ndarray:
    """How much the digits of each class differ: the distance between two of them, (10,).

    Root mean square over pixels and over all pairs of different digits of a class, in ink from 0
    to 1; nan for a class with fewer than two.
    """
    spread = np.full(CLASSES, np.nan)
    for label in range(CLASSES):
        pixels = digits.images[digits.labels == label].astype(float) / 255
        if len(pixels) > 1:
            # The mean squared distance of two is twice the unbiased variance.
            spread[label] = np.sqrt(2 * pixels.var(0, ddof=1).mean())
    return spread


def _drawn(drawer: Drawer, labels: np.ndarray, styles: np.ndarray) -> Digits:
    parts = [slice(start, start + _BATCH) for start in range(0, len(labels), _BATCH)]
    images = [drawer.draw_batch(labels[part], styles[part]).image for part in parts]
    return Digits(np.concatenate(images), labels.astype(np.uint8))
