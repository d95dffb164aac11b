"""The MNIST images that ship with the project, in the split of the 2016 post."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from mnist_rnn.config import CLASSES, COLUMNS, ROWS
from mnist_rnn.errors import UserError

MNIST = Path(__file__).parents[1] / "data" / "mnist.npz"

Part = Literal["train", "validation", "test"]
_PARTS: dict[str, tuple[str, slice]] = {
    "train": ("train", slice(0, 50_000)),
    "validation": ("train", slice(50_000, 60_000)),
    "test": ("test", slice(0, 10_000)),
}


@dataclass(frozen=True)
class Digits:
    """Handwritten digits: `images` (n, 28, 28) uint8, ink bright; `labels` (n,) uint8."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, count: int) -> "Digits":
        """The first `count` digits."""
        return Digits(self.images[:count], self.labels[:count])

    def and_those(self, others: "Digits") -> "Digits":
        """These digits, then the others."""
        images = np.concatenate([self.images, others.images])
        return Digits(images, np.concatenate([self.labels, others.labels]))


def load_digits(part: Part, path: Path = MNIST) -> Digits:
    """The 50,000 training, 10,000 validation or 10,000 test digits; UserError as by `arrays`."""
    stored, rows = _PARTS[part]
    count = rows.stop - rows.start
    with arrays(path, "MNIST images") as archive:
        digits = Digits(archive[f"x_{stored}"][rows], archive[f"y_{stored}"][rows])
        whole = digits.images.shape == (count, ROWS, COLUMNS) and digits.labels.shape == (count,)
        if not whole or digits.images.dtype != np.uint8 or digits.labels.max() >= CLASSES:
            raise ValueError
    return digits


@contextmanager
def arrays(path: Path, what: str) -> Iterator[np.lib.npyio.NpzFile]:
    """The arrays of a file of digits, called `what`, that ships; who finds them wrong: ValueError.

    Raises UserError if the file is missing or damaged, or if it can't be read now.
    """
    restore = f"Restore it with: git checkout -- mnist_rnn/data/{path.name}"
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise UserError(f"The {what} are missing at {path}. {restore}") from error
    except OSError as error:
        raise UserError(f"The {what} at {path} can't be read now: {error.strerror}.") from error
    try:
        with file, np.load(file, allow_pickle=False) as archive:
            yield archive
    except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f"The {what} at {path} are damaged. {restore}") from error
