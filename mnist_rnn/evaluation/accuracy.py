"""How often a reader is right, after each row and for each digit, and what it takes for what."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np

from mnist_rnn.config import CLASSES
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.evaluation.drawings import judge, redrawn
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader, Trace
from mnist_rnn.network.weights import Card, Tensors

BATCH = 100


@dataclass(frozen=True)
class Evaluation:
    """A reader's answers to n digits after each timestep, and how sure it was of them.

    answers: (n, timesteps) uint8.
    labels: (n,) uint8.
    confidences: (n, timesteps) float32, the probability of each answer.
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

    def of(self, digit: int) -> Self:
        """The part with this label alone."""
        chosen = self.labels == digit
        return type(self)(self.answers[chosen], self.labels[chosen], self.confidences[chosen])


class ConfusionCell(NamedTuple):
    """The digits of one class that were given one answer; a mistake unless they are the same."""

    digit: int
    answer: int


def evaluate(reader: Reader, digits: Digits) -> Evaluation:
    """Read every digit, and keep of each reading only its answers and how sure they were."""
    kept = [
        (trace.answers.astype(np.uint8), trace.probabilities.max(-1))
        for trace in traces(reader, digits.images)
    ]
    answers, confidences = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    return Evaluation(answers, digits.labels, confidences)


def traces(reader: Reader, images: np.ndarray) -> Iterator[Trace]:
    """Read n images (n, 28, 28) in batches, which keep the memory of 224 timesteps small."""
    for start in range(0, len(images), BATCH):
        yield reader.read_batch(images[start : start + BATCH])


def measured(tensors: Tensors, card: Card) -> Card:
    """The card with these weights' accuracy on the 10,000 test digits written in.

    Of a network that draws it is how often the judge reads in its drawings of their classes and
    styles what they were to be.
    """
    digits = load_digits("test")
    if card.model.head == "one_to_many":
        test = evaluate(judge(), redrawn(Drawer(tensors, card), digits))
    else:
        test = evaluate(Reader(tensors, card), digits)
    return replace(
        card,
        accuracy_by_timestep=tuple(test.by_timestep.tolist()),
        accuracy_by_digit=tuple(test.by_digit.tolist()),
    )


def confusion(evaluation: Evaluation, timestep: int = -1) -> np.ndarray:
    """How often each true class, a row, was named as each class, a column: (10, 10) counts."""
    table = np.zeros((CLASSES, CLASSES), int)
    np.add.at(table, (evaluation.labels, evaluation.answers[:, timestep]), 1)
    return table


def only_mistakes(counts: np.ndarray) -> np.ndarray:
    """Counts (10, 10) without the right answers on the diagonal."""
    return counts * ~np.eye(CLASSES, dtype=bool)


def most_frequent(counts: np.ndarray, most: int) -> list[ConfusionCell]:
    """The places in counts (10, 10) with the most mistakes, at most `most`; none without any."""
    mistakes = only_mistakes(counts)
    order = np.argsort(-mistakes, axis=None, kind="stable")[:most]
    places = (ConfusionCell(*map(int, divmod(place, CLASSES))) for place in order)
    return [place for place in places if mistakes[place]]


def worst_first(evaluation: Evaluation, chosen: ConfusionCell, timestep: int = -1) -> np.ndarray:
    """The numbers of the digits counted there: those first that came nearest to no excuse.

    That is the surest of wrong answers, and the least sure of right ones.
    """
    named = evaluation.answers[:, timestep] == chosen.answer
    numbers = np.flatnonzero(named & (evaluation.labels == chosen.digit))
    confidences = evaluation.confidences[numbers, timestep]
    wrong = chosen.digit != chosen.answer
    return numbers[np.argsort(-confidences if wrong else confidences, kind="stable")]


def example_number(labels: np.ndarray, number: int) -> int:
    """Where digit `number` stands among those with its label, from 1."""
    return int((labels[: number + 1] == labels[number]).sum())
