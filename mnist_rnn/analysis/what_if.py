"""What if the digit or the memory were another? Edits of an image, and edits of a memory."""

from collections.abc import Callable

import numpy as np

from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.evaluation.accuracy import BATCH
from mnist_rnn.network.cells import State
from mnist_rnn.network.reader import Reader, Trace, softmax

# Each makes of an image (28, 28) another. The last three change what is read first: the bottom
# row, the leftmost column or the rightmost column, columns being read from top to bottom.
TURNS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "upside down": lambda image: image[::-1, ::-1],
    "mirrored": lambda image: image[:, ::-1],
    "from below": lambda image: image[::-1],
    "from the left": lambda image: image.T,
    "from the right": lambda image: image.T[::-1],
}


def erase_rows(image: np.ndarray, first: int, last: int) -> np.ndarray:
    """The image (28, 28) without ink in the rows from `first` to `last`, counted from 1."""
    erased = image.copy()
    erased[first - 1 : last] = 0
    return erased


def shift(image: np.ndarray, down: int, right: int) -> np.ndarray:
    """The image (28, 28) moved by up to 28 pixels: what leaves it is lost, what enters is empty."""
    padded = np.pad(image, ((ROWS, ROWS), (COLUMNS, COLUMNS)))
    top, left = ROWS - down, COLUMNS - right
    return padded[top : top + ROWS, left : left + COLUMNS]


def chimera(upper: np.ndarray, lower: np.ndarray, row: int) -> np.ndarray:
    """The first `row` rows of one image (28, 28) above the rest of another."""
    return np.concatenate([upper[:row], lower[row:]])


def forget(reader: Reader, image: np.ndarray, row: int) -> Trace:
    """Read an image (28, 28) with a memory that is emptied after `row` rows (1 to 28)."""
    sequence = reader.sequence(image[None])
    return _read_in_two(reader, sequence, sequence, row, keep=False)


def accuracy_with_memory_emptied(reader: Reader, digits: Digits, row: int) -> float:
    """The fraction of digits named at the end with a memory that is emptied after `row` rows."""
    begun = row * reader.config.timesteps // ROWS
    right = 0
    for start in range(0, len(digits), BATCH):
        part = slice(start, start + BATCH)
        # What was read before is forgotten: it need not be read.
        rest = reader.sequence(digits.images[part])[:, begun:]
        answers = reader.readout(reader.remember(rest)[:, -1]).argmax(1)
        right += int((answers == digits.labels[part]).sum())
    return right / len(digits)


def transplant(reader: Reader, donor: np.ndarray, image: np.ndarray, row: int) -> Trace:
    """Read the first `row` rows (1 to 28) of a donor (28, 28) and the rest of an image (28, 28),
    with one memory that goes from the one to the other.
    """
    sequences = reader.sequence(np.stack([donor, image]))
    return _read_in_two(reader, sequences[:1], sequences[1:], row, keep=True)


def _read_in_two(
    reader: Reader, first: np.ndarray, second: np.ndarray, row: int, keep: bool
) -> Trace:
    """Read a share of row / 28 of the first sequence (1, timesteps, features), then the rest of
    the second: with the memory that is left if it is kept, else with an empty one.
    """
    # 224 timesteps are a multiple of the 28 rows: no timestep is cut.
    begun = row * reader.config.timesteps // ROWS
    before = list(reader.states(first[:, :begun]))
    start: State | None = before[-1] if keep else None
    states = [*before, *reader.states(second[:, begun:], start)]
    hidden = np.concatenate([state[0] for state in states])
    logits = reader.readout(hidden)
    sequence = np.concatenate([first[0, :begun], second[0, begun:]])
    return Trace(sequence, hidden, logits, softmax(logits))
