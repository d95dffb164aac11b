"""The separate parts of ink: which are specks or cut off, and which make up a digit."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Box(NamedTuple):
    """Where something lies in a picture, in pixels; `right` and `bottom` are just behind it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def of(self, picture: np.ndarray) -> np.ndarray:
        """What the box holds of a picture (h, w)."""
        return picture[self.top : self.bottom, self.left : self.right]

    def around(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(*map(min, self[:2], other[:2]), *map(max, self[2:], other[2:]))


@dataclass(frozen=True)
class Parts:
    """The connected parts of a mask.

    labels: (h, w), the number of the part that a pixel is of, from 1, or 0.
    boxes: the box of each part, the first that of number 1.
    """

    labels: np.ndarray
    boxes: list[Box]


def parts_of(mask: np.ndarray, pixels: int) -> Parts:
    """The connected parts of a mask (h, w), looked at with at most `pixels` a side.

    Coarser than the mask, parts that nearly touch are one.
    """
    height, width = mask.shape
    step = math.ceil(max(mask.shape) / pixels)
    padded = np.zeros([math.ceil(side / step) * step for side in mask.shape], bool)
    padded[:height, :width] = mask
    blocks = padded.reshape(len(padded) // step, step, -1, step)
    labels, corners = _labelled(np.logical_or.reduce(blocks, (1, 3)))
    fine = labels.repeat(step, 0).repeat(step, 1)[:height, :width]
    corners = np.minimum(corners * step, (width, height, width, height))
    return Parts(fine, [Box(*corner) for corner in corners.tolist()])


def _labelled(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A number from 1 for each connected part of a mask (h, w), 0 outside; their boxes (n, 4)."""
    width = mask.shape[1] + 1
    flat = np.pad(mask, ((0, 0), (0, 1))).ravel()
    turns = np.flatnonzero(np.diff(np.pad(flat, 1).astype(np.int8)))
    starts, ends = turns[::2], turns[1::2]  # the runs of all rows; an end is just behind its run
    # The runs of the next row that a run touches, corners included, follow each other.
    first = np.searchsorted(ends, starts + width)
    counts = np.maximum(np.searchsorted(starts, ends + width, "right") - first, 0)
    above = np.repeat(np.arange(len(starts)), counts)
    below = np.arange(len(above)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    part = joined(len(starts), above, below)
    labels = np.zeros(len(flat), np.int32)
    labels[flat] = np.repeat(part + 1, ends - starts)
    row, left = np.divmod(starts, width)
    boxes = np.zeros((part.max(initial=-1) + 1, 4), int)
    boxes[:, :2] = mask.size
    np.minimum.at(boxes[:, 0], part, left)
    np.minimum.at(boxes[:, 1], part, row)
    np.maximum.at(boxes[:, 2], part, left + ends - starts)
    np.maximum.at(boxes[:, 3], part, row + 1)
    return labels.reshape(len(mask), width)[:, :-1], boxes


def joined(count: int, ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Which group, from 0, each of so many things is in, if each of `ones` is with its other."""
    least = np.arange(count)
    while True:
        before = least.copy()
        lower = np.minimum(least[ones], least[others])
        for ends in (ones, others):
            np.minimum.at(least, before[ends], lower)
        least = least[least]
        if (least == before).all():
            return np.unique(least, return_inverse=True)[1]
