"""How many photos of digits are read correctly: paper, light, camera, one difficulty a kind.

    python -m benchmarks.photos [--photos N] [--part validation] FILE...

Prints a Markdown table: a row for each kind of photo (`benchmarks.photos.kinds`), a column for
each reader, and how many photos were found to show one digit. Half of them are of test digits, half
of digits that people drew with a pen. Choose by the validation digits of both, report the test
digits and the pen digits of the writers that only report.
"""

import argparse
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.photos.kinds import (
    KINDS,
    Mask,
    mask_of_image,
    mask_of_strokes,
    photo,
    sheet,
)
from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.digits.pen_digits import load_pens
from mnist_rnn.digits.photos import photo_from_file
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.accuracy import evaluate
from mnist_rnn.network.reader import Reader

SHEETS = {"two digits": [2], "a line of four": [4], "a sheet of 3 x 4": [4, 4, 4]}
Labelled = tuple[Mask, int]


def main() -> int:
    """Print the table; the exit status is 2, with one line, if a file can't be used."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--photos", type=int, default=200, help="of each kind")
    parser.add_argument("--part", choices=["validation", "test"], default="test")
    parser.add_argument("--kind", choices=[*KINDS, *SHEETS], nargs="+", default=[*KINDS, *SHEETS])
    options = parser.parse_args()
    try:
        readers = {path.stem: Reader.load(path) for path in options.files}
        pools = pools_of(options.part)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    print("| photos |", " | ".join(readers), "| as many as there are |")
    print("| --- |" + " --- |" * (len(readers) + 1))
    for kind in options.kind:
        digits, found = photographed(kind, pools, options.photos)
        right = [evaluate(reader, digits).accuracy for reader in readers.values()]
        print(
            f"| {kind} |", " | ".join(f"{share:.1%}" for share in (*right, found)), "|", flush=True
        )
    return 0


def pools_of(part: str) -> list[list[Labelled]]:
    """The digits to take photos of: of MNIST and of a pen."""
    images = load_digits("test" if part == "test" else "validation").first(5000)
    drawn = load_pens("report" if part == "test" else "validation")
    return [
        [(mask_of_image(i), int(n)) for i, n in zip(images.images, images.labels, strict=True)],
        [(mask_of_strokes(digit.strokes), digit.label) for digit in drawn],
    ]


def photographed(
    kind: str, pools: Sequence[Sequence[Labelled]], count: int
) -> tuple[Digits, float]:
    """What is seen of so many photos of a kind, and how many show as many digits as were found.

    Of a photo that can't be read, and of each digit that is not found, an empty image is seen.
    """
    images, labels, found = [], [], 0
    for number in range(count):
        random = np.random.default_rng([[*KINDS, *SHEETS].index(kind), number])
        pool = pools[number % len(pools)]
        rows = SHEETS.get(kind)
        chosen = [pool[n] for n in random.integers(0, len(pool), sum(rows or [3]))]
        masks = [mask for mask, _ in chosen]
        if rows:
            ends = np.cumsum([0, *rows])
            lines = [masks[start:end] for start, end in pairwise(ends)]
            data = sheet(lines, random)
        else:
            data = photo(KINDS[kind], masks[0], masks[1:], random)
        true = [label for _, label in (chosen if rows else chosen[:1])]
        seen = read(data)
        found += len(seen) == len(true)
        empty = np.zeros((ROWS, COLUMNS), np.uint8)
        images += (seen + [empty] * len(true))[: len(true)]
        labels += true
    return Digits(np.stack(images), np.array(labels, np.uint8)), found / count


def read(data: bytes) -> list[np.ndarray]:
    """The images (28, 28) of the digits in a file; none if it can't be read."""
    try:
        return [to_mnist(digit.ink) for digit in photo_from_file(data).digits]
    except UserError:
        return []


if __name__ == "__main__":
    sys.exit(main())
