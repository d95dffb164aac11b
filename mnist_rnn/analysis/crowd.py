"""What a reader remembers of many digits: the crowd that one drawing is compared with."""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.config import ROWS
from mnist_rnn.data import Digits
from mnist_rnn.reader import Reader

SIZE = 2000
# Products this small stay in the cache and on one core: four times as fast as 250 at once.
BATCH = 50


@dataclass(frozen=True)
class Crowd:
    """n digits, and the memory (n, 28, units) float32 that each leaves at the 28 stops."""

    digits: Digits
    states: np.ndarray

    @property
    def last(self) -> np.ndarray:
        """What is remembered after the whole digit, (n, units)."""
        return self.states[:, -1]


def stops(timesteps: int) -> np.ndarray:
    """The timesteps, from 0, that end each 28th of the sequence, (28,): the rows of a plain RNN.

    A reader that goes map by map takes 8 timesteps from one stop to the next.
    """
    return np.arange(1, ROWS + 1) * timesteps // ROWS - 1


def spread(digits: Digits, count: int = SIZE) -> Digits:
    """`count` digits taken at even distances from first to last, or all if there are fewer."""
    chosen = np.linspace(0, len(digits), min(count, len(digits)), endpoint=False).astype(int)
    return Digits(digits.images[chosen], digits.labels[chosen])


def remember(reader: Reader, digits: Digits) -> Crowd:
    """Read every digit and keep its hidden state at the stops."""
    kept = stops(reader.config.timesteps)
    states = np.empty((len(digits), ROWS, reader.config.units), np.float32)
    for start in range(0, len(digits), BATCH):
        part = slice(start, start + BATCH)
        # Batches, and only the stops, keep the memory of 224-timestep readers small.
        states[part] = reader.remember(reader.sequence(digits.images[part]))[:, kept]
    return Crowd(digits, states)
