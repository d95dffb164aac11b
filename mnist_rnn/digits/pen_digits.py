"""Digits that people wrote on pen tablets, as strokes; those that ship, split by writer.

`mnist_rnn/data/pen_digits.npz` was made once, by `pack`, of isolated digits (category 1a) of UNIPEN
train_r01_v07, International Unipen Foundation, CC BY 4.0: I. Guyon et al., UNIPEN project of
on-line data exchange and recognizer benchmarks (1994).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from mnist_rnn.config import CLASSES, COLUMNS, ROWS
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.mnist import Digits, arrays
from mnist_rnn.digits.strokes import PEN_PIXELS, Stroke, simplified
from mnist_rnn.errors import UserError

PENS = Path(__file__).parents[1] / "data" / "pen_digits.npz"

PenPart = Literal["train", "validation", "report"]
_PARTS: tuple[PenPart, ...] = ("train", "validation", "report")
# Of 20 writers, so many train, are there to choose by, and only report.
_OF_TWENTY = np.repeat([0, 1, 2], [13, 3, 4])
# Who wrote more than this would be most of what is reported: they train.
_PROLIFIC = 200
# How far a line may be from where the pen was, in canvas pixels: a twentieth of a pixel of MNIST.
_TOLERANCE_PIXELS = 0.5


@dataclass(frozen=True)
class PenDigit:
    """One digit as its writer, the donor, drew it: strokes on a canvas of 280 pixels."""

    label: int
    donor: str
    strokes: list[Stroke]


def load_pens(part: PenPart, path: Path = PENS) -> list[PenDigit]:
    """The digits of the writers to train with, to choose by or to report.

    Raises UserError if the file is missing or damaged, or if it can't be read now.
    """
    number = _PARTS.index(part)
    with arrays(path, "pen digits") as archive:
        return _unpacked(archive, number)


@lru_cache(maxsize=len(_PARTS))
def pen_images(part: PenPart) -> Digits:
    """The images of a part of the digits that ship; raises UserError as `load_pens` does."""
    return as_digits(load_pens(part))


def as_digits(pen_digits: Sequence[PenDigit]) -> Digits:
    """Their images, by the same path as a drawing's, and their labels.

    Raises UserError if one of them has nothing but dots.
    """
    images = np.zeros((len(pen_digits), ROWS, COLUMNS), np.uint8)
    for number, digit in enumerate(pen_digits):
        try:
            images[number] = drawing_to_image(digit.strokes)
        except UserError as error:
            raise UserError(f"Digit {number} of the pen digits has nothing but dots.") from error
    return Digits(images, np.array([digit.label for digit in pen_digits], np.uint8))


def pack(pen_digits: Sequence[PenDigit], path: Path) -> None:
    """Write pen digits as the file that ships, each writer in one part.

    Strokes become lines through whole canvas pixels, with no more points than they need. The parts
    are drawn with a fixed seed, whatever the order of the digits. The file that ships is
    `pack(load_pen_digits(first) + load_pen_digits(second), PENS)` of two JSON files.
    """
    counts = Counter(digit.donor for digit in pen_digits)
    donors = sorted(counts)
    few = [place for place, donor in enumerate(donors) if counts[donor] <= _PROLIFIC]
    parts = np.zeros(len(donors), np.uint8)
    parts[np.random.default_rng(0).permutation(few)] = np.resize(_OF_TWENTY, len(few))
    lines = [
        np.rint(simplified(stroke.points, _TOLERANCE_PIXELS)).astype(int)
        for digit in pen_digits
        for stroke in digit.strokes
    ]
    np.savez_compressed(
        path,
        donors=np.array(donors),
        parts=parts,
        writers=np.array([donors.index(digit.donor) for digit in pen_digits], np.uint16),
        labels=np.array([digit.label for digit in pen_digits], np.uint8),
        strokes=np.array([len(digit.strokes) for digit in pen_digits], np.uint8),
        lengths=np.array([len(line) for line in lines], np.uint16),
        # Differences are small numbers, which compress well; they go around at 256.
        steps=np.diff(np.concatenate(lines), axis=0, prepend=0).astype(np.uint8),
    )


def _unpacked(archive: np.lib.npyio.NpzFile, part: int) -> list[PenDigit]:
    """The digits of one part; raises ValueError or LookupError if anything does not fit."""
    donors, parts, writers, labels, counts, lengths = (
        archive[name] for name in ("donors", "parts", "writers", "labels", "strokes", "lengths")
    )
    points = np.cumsum(archive["steps"], 0, np.uint8).astype(float)
    same_length = len(writers) == len(labels) == len(counts) and len(donors) == len(parts)
    adds_up = counts.sum() == len(lengths) and points.shape == (lengths.sum(dtype=int), 2)
    if not (same_length and adds_up and labels.max() < CLASSES):
        raise ValueError
    lines = np.split(points, np.cumsum(lengths[:-1], dtype=int))
    ends = np.cumsum(counts, dtype=int)
    return [
        PenDigit(
            int(labels[n]),
            str(donors[writers[n]]),
            [Stroke(line, PEN_PIXELS) for line in lines[ends[n] - counts[n] : ends[n]]],
        )
        for n in np.flatnonzero(parts[writers] == part)
    ]
