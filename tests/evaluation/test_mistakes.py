"""Which digits are taken for which, counted by hand."""

import numpy as np

from mnist_rnn.evaluation.accuracy import (
    ConfusionCell,
    confusion,
    example_number,
    most_frequent,
    worst_first,
)
from tests.evaluation.few_digits import FEW


def test_true_classes_are_counted_by_answers_after_any_timestep():
    last, first = confusion(FEW), confusion(FEW, 0)
    assert (last[4, 9], last[4, 4], last[7, 1], last[7, 7]) == (2, 2, 1, 1)
    assert (first[4, 0], first[7, 1], first[7, 7]) == (4, 1, 1)
    assert last.sum() == first.sum() == 6


def test_the_most_frequent_mistakes_come_first_and_right_answers_are_none():
    assert most_frequent(confusion(FEW), 3) == [ConfusionCell(4, 9), ConfusionCell(7, 1)]
    assert most_frequent(confusion(FEW), 1) == [ConfusionCell(4, 9)]
    assert most_frequent(np.diag(np.arange(10)), 3) == []


def test_the_surest_mistakes_and_the_least_sure_right_answers_come_first():
    assert worst_first(FEW, ConfusionCell(4, 9)).tolist() == [2, 0]
    assert worst_first(FEW, ConfusionCell(4, 4)).tolist() == [5, 1]
    assert worst_first(FEW, ConfusionCell(4, 0), timestep=0).tolist() == [5, 1, 0, 2]
    assert worst_first(FEW, ConfusionCell(0, 9)).tolist() == []


def test_a_digit_is_numbered_among_its_own_class():
    assert [example_number(FEW.labels, number) for number in range(6)] == [1, 2, 3, 1, 2, 4]
