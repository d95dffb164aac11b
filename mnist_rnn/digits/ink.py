"""From the strokes of a drawing to the 28x28 image that a network reads.

A formula: how near each point of a grid is to a stroke tells how much ink it gets.
`assets/stage/pen/ink.js` computes the same, operation by operation, so that the browser reads the
very same image.
"""

from collections.abc import Sequence

import numpy as np

from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.digits.as_mnist import BOX, DOT, EMPTY, PEN
from mnist_rnn.digits.strokes import Stroke
from mnist_rnn.errors import UserError

_SUBPIXELS = 4
_SEGMENTS_AT_ONCE = 250


def drawing_to_image(strokes: Sequence[Stroke], pen: float = PEN) -> np.ndarray:
    """What the network sees of a drawing: (28, 28) uint8, bright ink.

    The drawing fills MNIST's box, inked with a `pen` of that width in its pixels: on the canvas a
    small drawing looks fat and a large one thin; in MNIST neither does. Dots are left out, no digit
    has one: they are slips of the pen. Raises UserError for an empty drawing or one with nothing
    but dots.
    """
    if not strokes:
        raise UserError(EMPTY)
    lines = [stroke for stroke in strokes if np.ptp(stroke.points, axis=0).max() > stroke.width / 2]
    if not lines:
        raise UserError(DOT)
    return _centred(np.rint(255 * _boxed(lines, pen)).astype(np.uint8))


def _boxed(strokes: Sequence[Stroke], pen: float) -> np.ndarray:
    """The ink of strokes scaled to MNIST's box, the longer side 20: (h, w) float64 from 0 to 1."""
    points = np.concatenate([stroke.points for stroke in strokes])
    corner = points.min(0)
    extent = points.max(0) - corner
    scale = (BOX - pen) / extent.max()
    sides = np.ceil(extent * scale + pen - 1e-9).astype(int)
    width, height = np.minimum(sides, BOX)
    lines = [
        Stroke(((stroke.points - corner) * scale + pen / 2) * _SUBPIXELS, pen * _SUBPIXELS)
        for stroke in strokes
    ]
    cover = coverage(lines, height * _SUBPIXELS, width * _SUBPIXELS)
    # One axis at a time: the same sums in the same order as in the browser.
    return cover.reshape(height, _SUBPIXELS, width, _SUBPIXELS).sum(3).sum(1) / _SUBPIXELS**2


def coverage(strokes: Sequence[Stroke], height: int, width: int) -> np.ndarray:
    """How much of each pixel round pens cover that follow the strokes: (height, width), 0 to 1.

    From full to none within half a pixel on either side of the pen's edge.
    """
    cover = np.zeros(height * width)
    counts = [len(stroke.points) for stroke in strokes]
    ends = np.concatenate([stroke.points for stroke in strokes])
    # The first segment of each stroke is its first point.
    starts = np.concatenate(
        [stroke.points[[0, *range(n - 1)]] for stroke, n in zip(strokes, counts, strict=True)]
    )
    radii = np.repeat([stroke.width / 2 for stroke in strokes], counts)
    for first in range(0, len(ends), _SEGMENTS_AT_ONCE):
        part = slice(first, first + _SEGMENTS_AT_ONCE)
        _cover(cover, (height, width), starts[part], ends[part], radii[part])
    return cover.reshape(height, width)


def _cover(
    cover: np.ndarray,
    shape: tuple[int, int],
    starts: np.ndarray,
    ends: np.ndarray,
    radii: np.ndarray,
) -> None:
    """Add to `cover`, (height * width,), what pens cover along n segments, (n, 2) to (n, 2).

    Only the pixels within reach of a segment are looked at, in one long list for all segments.
    """
    height, width = shape
    reach = radii[:, None] + 0.5
    low = np.clip(np.floor(np.minimum(starts, ends) - reach), 0, (width, height)).astype(int)
    high = np.clip(np.ceil(np.maximum(starts, ends) + reach), 0, (width, height)).astype(int)
    across, down = (high - low).T
    pixels = across * down
    segment = np.repeat(np.arange(len(pixels)), pixels)
    nth = np.arange(len(segment)) - np.repeat(np.cumsum(pixels) - pixels, pixels)
    row, column = np.divmod(nth, across[segment])
    column += low[segment, 0]
    row += low[segment, 1]

    along_x, along_y = (ends - starts).T
    squared = along_x * along_x + along_y * along_y
    squared[squared == 0] = 1  # a point: t is 0
    x, y = column + 0.5 - starts[segment, 0], row + 0.5 - starts[segment, 1]
    along_x, along_y = along_x[segment], along_y[segment]
    t = np.clip((x * along_x + y * along_y) / squared[segment], 0, 1)
    x, y = x - t * along_x, y - t * along_y
    inside = np.clip(radii[segment] - np.sqrt(x * x + y * y) + 0.5, 0, 1)
    np.maximum.at(cover, row * width + column, inside)


def _centred(grey: np.ndarray) -> np.ndarray:
    """Grey levels (h, w) moved by whole pixels to where MNIST has its centre of mass: (28, 28).

    That is row 14 and column 14, as in `as_mnist`, in whole numbers. Half a pixel rounds towards
    the bottom right, and so does a hair less (1/256 of a pixel): a symmetric drawing, which lies
    half-way, would else be moved by the noise of its last digit.
    """
    image = np.zeros((ROWS, COLUMNS), np.uint8)
    mass = int(grey.sum(dtype=int))
    corner = []
    for axis, length in enumerate((ROWS, COLUMNS)):
        side = grey.shape[axis]
        moment = int(grey.sum(1 - axis, dtype=int) @ np.arange(side))
        place = (256 * (length // 2 * mass - moment) + 129 * mass) // (256 * mass)
        corner.append(min(max(place, 0), length - side))
    top, left = corner
    image[top : top + grey.shape[0], left : left + grey.shape[1]] = grey
    return image
