"""From ink to the 28x28 image that a network reads, made as MNIST was made.

"The original black and white images were size normalized to fit in a 20x20 pixel box while
preserving their aspect ratio. The resulting images contain grey levels as a result of the
anti-aliasing technique used by the normalization algorithm. The images were centered in a 28x28
image by computing the center of mass of the pixels, and translating the image so as to position
this point at the center of the 28x28 field." (Y. LeCun, C. Cortes, C. Burges, the MNIST page;
LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, 1998.)
"""

import math
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
    small = _overlaps(box.shape[0], step) @ box @ _overlaps(box.shape[1], step).T
    return np.rint(_centred(small) * 255).astype(np.uint8)


def _overlaps(length: int, step: float) -> np.ndarray:
    """How much of each output pixel, `step` input pixels long, each input pixel covers.

    (n, length), where n output pixels, at most 20, are enough for all of the input.
    """
    starts = np.arange(math.ceil(length / step - 1e-9))[:, None] * step
    inputs = np.arange(length)
    covered = np.minimum(starts + step, inputs + 1) - np.maximum(starts, inputs)
    return np.clip(covered, 0, None) / step


def _centred(small: np.ndarray) -> np.ndarray:
    """A small image (h, w) moved by whole pixels to where MNIST has its centre of mass.

    In every MNIST image it lies in row 14 and column 14, counted from 0: the pixel just below
    and to the right of the middle.
    """
    corner = []
    for axis, length in ((0, ROWS), (1, COLUMNS)):
        mass = small.sum(1 - axis)
        centre = mass @ np.arange(len(mass)) / mass.sum()
        corner.append(int(np.clip(round(length / 2 - centre), 0, length - len(mass))))
    top, left = corner
    image = np.zeros((ROWS, COLUMNS))
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return image
