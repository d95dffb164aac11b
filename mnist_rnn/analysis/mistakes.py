"""Which digits a reader takes for which others, and the images in which it does."""

import numpy as np

from mnist_rnn.analysis.accuracy import Evaluation
from mnist_rnn.config import CLASSES


def confusion(tested: Evaluation, timestep: int = -1) -> np.ndarray:
    """How often each true class, a row, was named as each class, a column: (10, 10) counts.

    `timestep` counts from 0; -1 is the last.
    """
    table = np.zeros((CLASSES, CLASSES), int)
    np.add.at(table, (tested.labels, tested.answers[:, timestep]), 1)
    return table


def cell(tested: Evaluation, true: int, answer: int, timestep: int = -1) -> np.ndarray:
    """The images of one class that were named as `answer`: their places among those tested.

    (n,), the most telling first: of mistakes those of which it was surest, of right answers those
    of which it was least sure.
    """
    places = np.flatnonzero((tested.labels == true) & (tested.answers[:, timestep] == answer))
    sure = tested.confidences[places, timestep]
    return places[np.argsort(sure if true == answer else -sure, kind="stable")]


def worst(table: np.ndarray) -> tuple[int, int]:
    """The true class and the answer of the commonest mistake in a confusion table (10, 10)."""
    mistakes = table * ~np.eye(CLASSES, dtype=bool)
    true, answer = np.unravel_index(mistakes.argmax(), mistakes.shape)
    # Where there is no mistake at all, any cell off the diagonal is as good.
    return (int(true), int(answer)) if mistakes.any() else (0, 1)


def number_in_class(labels: np.ndarray, place: int) -> int:
    """Which one of its class an image is, counted from 1, by the labels (n,) of all of them."""
    return int((labels[: place + 1] == labels[place]).sum())
