"""Which digits a reader takes for which, and which images these are."""

from typing import NamedTuple

import numpy as np

from mnist_rnn.analysis.accuracy import Evaluation
from mnist_rnn.config import CLASSES


class Cell(NamedTuple):
    """The digits of one class that were given one answer; a mistake unless they are the same."""

    digit: int
    answer: int


def confusion(evaluation: Evaluation, timestep: int = -1) -> np.ndarray:
    """How often each true class, a row, was named as each class, a column: (10, 10) counts."""
    table = np.zeros((CLASSES, CLASSES), int)
    np.add.at(table, (evaluation.labels, evaluation.answers[:, timestep]), 1)
    return table


def only_mistakes(counts: np.ndarray) -> np.ndarray:
    """Counts (10, 10) without the right answers on the diagonal."""
    return counts * ~np.eye(CLASSES, dtype=bool)


def most_frequent(counts: np.ndarray, most: int) -> list[Cell]:
    """The cells (10, 10) with the most mistakes, at most `most` of them; none without mistakes."""
    mistakes = only_mistakes(counts)
    order = np.argsort(-mistakes, axis=None, kind="stable")[:most]
    cells = (Cell(*map(int, divmod(place, CLASSES))) for place in order)
    return [cell for cell in cells if mistakes[cell]]


def worst_first(evaluation: Evaluation, cell: Cell, timestep: int = -1) -> np.ndarray:
    """The numbers of a cell's digits: those first that came nearest to no excuse.

    That is the surest of wrong answers, and the least sure of right ones.
    """
    named = evaluation.answers[:, timestep] == cell.answer
    numbers = np.flatnonzero(named & (evaluation.labels == cell.digit))
    confidences = evaluation.confidences[numbers, timestep]
    wrong = cell.digit != cell.answer
    return numbers[np.argsort(-confidences if wrong else confidences, kind="stable")]


def example_number(labels: np.ndarray, number: int) -> int:
    """Where digit `number` stands among those with its label, from 1."""
    return int((labels[: number + 1] == labels[number]).sum())
