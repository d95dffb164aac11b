"""How often a reader is right: after each row, and for each digit."""

from dataclasses import dataclass, replace

import numpy as np

from mnist_rnn.config import CLASSES
from mnist_rnn.data import Digits, load_digits
from mnist_rnn.reader import Reader
from mnist_rnn.weights import Card, Tensors

BATCH = 100


@dataclass(frozen=True)
class Evaluation:
    """A reader's answers on n digits.

    answers: (n, timesteps) uint8.
    labels: (n,) uint8.
    confidences: (n,), the probability of the answer after the last timestep.
    """

    answers: np.ndarray
    labels: np.ndarray
    confidences: np.ndarray

    @property
    def accuracy(self) -> float:
        """The fraction right after the last timestep."""
        return float(self.by_timestep[-1])

    @property
    def by_timestep(self) -> np.ndarray:
        """The fraction right after each timestep, (timesteps,)."""
        return (self.answers == self.labels[:, None]).mean(0)

    @property
    def right(self) -> np.ndarray:
        """Which digits are named correctly after the last timestep, (n,) bool."""
        return self.answers[:, -1] == self.labels

    @property
    def by_digit(self) -> np.ndarray:
        """The fraction right after the last timestep for each true class, (10,); nan if none."""
        found = np.bincount(self.labels, minlength=CLASSES)
        hits = np.bincount(self.labels[self.right], minlength=CLASSES)
        return np.divide(hits, found, out=np.full(CLASSES, np.nan), where=found > 0)


def evaluate(reader: Reader, digits: Digits) -> Evaluation:
    """Read every digit; batches keep the memory of 224-timestep readers small."""
    answers, confidences = [], []
    for start in range(0, len(digits), BATCH):
        trace = reader.read_batch(digits.images[start : start + BATCH])
        answers.append(trace.answers.astype(np.uint8))
        confidences.append(trace.probabilities[:, -1].max(-1))
    return Evaluation(np.concatenate(answers), digits.labels, np.concatenate(confidences))


def measured(tensors: Tensors, card: Card) -> Card:
    """The card with these weights' accuracy on the 10,000 test digits written in."""
    test = evaluate(Reader(tensors, card), load_digits("test"))
    return replace(
        card,
        accuracy_by_timestep=tuple(test.by_timestep.tolist()),
        accuracy_by_digit=tuple(test.by_digit.tolist()),
    )
