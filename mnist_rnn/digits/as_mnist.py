"""From the ink of a picture to the 28x28 image that a network reads, made as MNIST was made.

"The original black and white images were size normalized to fit in a 20x20 pixel box while
preserving their aspect ratio. The resulting images contain grey levels as a result of the
anti-aliasing technique used by the normalization algorithm. The images were centered in a 28x28
image by computing the center of mass of the pixels, and translating the image so as to position
this point at the center of the 28x28 field." (Y. LeCun, C. Cortes, C. Burges, the MNIST page;
LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, 1998.)
"""

import math

import numpy as np

from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.errors import UserError

BOX = 20
THINNEST, PEN, FATTEST = 1.6, 2.4, 7.7
"""Stroke widths of MNIST by `stroke_width`: the 5th of 100, the median and the largest."""

FINENESS = 10
FAINTEST_INK = 0.05
SMALLEST_DIGIT = 8
EMPTY = "There is no ink to read."
DOT = "That is only a dot, not a digit."


def to_mnist(ink: np.ndarray) -> np.ndarray:
    """Ink (h, w) from 0 to 1 as an image of MNIST: (28, 28) uint8, bright ink.

    Strokes thinner than nearly all of MNIST's, as those of a ballpoint on paper, are brought to
    its median; all others stay as they are. Raises UserError if there is no ink, or only a dot.
    """
    box = cropped(ink)
    small = _resampled(box, BOX)
    width = stroke_width(small)
    if max(box.shape) < SMALLEST_DIGIT or width > FATTEST:
        raise UserError(DOT)
    if width < THINNEST:
        # The box grows with the strokes by twice the radius, and is scaled back to 20 pixels.
        radius = (PEN - width) / (2 - 2 * PEN / BOX)
        fine = _thickened(_resampled(box, BOX * FINENESS), round(radius * FINENESS))
        small = _resampled(cropped(fine), BOX)
    return np.rint(_centred(small) * 255).astype(np.uint8)


def stroke_width(small: np.ndarray) -> float:
    """The typical width of the strokes in ink (h, w), in pixels: twice the ink over its outline.

    A stroke is two outlines long, so its ink is half of its outline times its width. The outline
    is the total variation of the ink. Below one pixel, the width can't be told: it returns 1.
    """
    ink = np.pad(small, 1)
    outline = np.hypot(np.diff(ink, axis=0)[:, :-1], np.diff(ink, axis=1)[:-1]).sum()
    return float(2 * ink.sum() / outline)


def cropped(ink: np.ndarray) -> np.ndarray:
    """The smallest box that holds all of the ink (h, w); raises UserError if there is none."""
    rows = np.flatnonzero((ink > FAINTEST_INK).any(1))
    columns = np.flatnonzero((ink > FAINTEST_INK).any(0))
    if not len(rows):
        raise UserError(EMPTY)
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _resampled(box: np.ndarray, length: int) -> np.ndarray:
    """The box scaled so that its longer side is `length`; each pixel is the mean of its area."""
    step = max(box.shape) / length
    down, across = (_overlaps(side, step) for side in box.shape)
    # Without BLAS: its threads take longer to wake up than these small products take.
    return np.einsum("xw,yw->yx", across, np.einsum("yh,hw->yw", down, box))


def _overlaps(length: int, step: float) -> np.ndarray:
    """How much of each output pixel, `step` input pixels long, each input pixel covers.

    (n, length), where n output pixels are enough for all of the input.
    """
    starts = np.arange(math.ceil(length / step - 1e-9))[:, None] * step
    inputs = np.arange(length)
    covered = np.minimum(starts + step, inputs + 1) - np.maximum(starts, inputs)
    return (np.clip(covered, 0, None) / step).astype(np.float32)


def _thickened(ink: np.ndarray, radius: int) -> np.ndarray:
    """Ink (h, w) grown on every side by an octagon of `radius` pixels."""
    for step in range(radius):
        wide = np.pad(ink, 2)
        shifts = [
            wide[1:-1, 1:-1],
            wide[:-2, 1:-1],
            wide[2:, 1:-1],
            wide[1:-1, :-2],
            wide[1:-1, 2:],
        ]
        if step % 2:
            shifts += [wide[:-2, :-2], wide[:-2, 2:], wide[2:, :-2], wide[2:, 2:]]
        ink = np.maximum.reduce(shifts)
    return ink


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
