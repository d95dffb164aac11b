"""From ink to the 28x28 image that a network reads, made as MNIST was made.

"The original black and white images were size normalized to fit in a 20x20 pixel box while
preserving their aspect ratio. The resulting images contain grey levels as a result of the
anti-aliasing technique used by the normalization algorithm. The images were centered in a 28x28
image by computing the center of mass of the pixels, and translating the image so as to position
this point at the center of the 28x28 field." (Y. LeCun, C. Cortes, C. Burges, the MNIST page;
LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, 1998.)
"""

from collections.abc import Sequence

import numpy as np

from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.errors import UserError
from mnist_rnn.strokes import Stroke, render_strokes

BOX = 20
FAINTEST_INK = 0.02
EMPTY = "There is nothing to read yet. Draw a digit."
DOT = "That is only a dot. Draw a digit."


def drawing_to_image(strokes: Sequence[Stroke]) -> np.ndarray:
    """What the network sees of a drawing: (28, 28) uint8, bright ink.

    Raises UserError for an empty drawing or a single dot.
    """
    if not strokes:
        raise UserError(EMPTY)
    points = np.concatenate([stroke.points for stroke in strokes])
    if np.ptp(points, axis=0).max() < 2:
        raise UserError(DOT)
    return to_mnist(render_strokes(strokes))


def to_mnist(ink: np.ndarray) -> np.ndarray:
    """Ink (h, w) from 0 to 1 as an image of MNIST: (28, 28) uint8, bright ink.

    Raises UserError if there is no ink.
    """
    rows = np.flatnonzero((ink > FAINTEST_INK).any(1))
    columns = np.flatnonzero((ink > FAINTEST_INK).any(0))
    if not len(rows):
        raise UserError(EMPTY)
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    step = max(box.shape) / BOX
    small = _overlaps(box.shape[0], step) @ box @ _overlaps(box.shape[1], step).T  # (20, 20)
    return np.rint(_centred(small) * 255).astype(np.uint8)


def _overlaps(length: int, step: float) -> np.ndarray:
    """The share of each of 20 output pixels, `step` input pixels long, that each input fills."""
    starts = np.arange(BOX)[:, None] * step
    inputs = np.arange(length)
    ends = np.minimum(starts + step, inputs + 1)
    return np.clip(ends - np.maximum(starts, inputs), 0, None) / step  # (20, length)


def _centred(small: np.ndarray) -> np.ndarray:
    """A (20, 20) image moved by whole pixels so that its centre of mass is that of (28, 28)."""
    image = np.zeros((ROWS, COLUMNS))
    corner = []
    for axis, length in ((1, ROWS), (0, COLUMNS)):
        mass = small.sum(axis)
        centre = (mass * (np.arange(BOX) + 0.5)).sum() / mass.sum()
        corner.append(int(np.clip(round(length / 2 - centre), 0, length - BOX)))
    top, left = corner
    image[top : top + BOX, left : left + BOX] = small
    return image
