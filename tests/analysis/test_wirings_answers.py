"""The true answers to the questions of the Wirings page, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn.analysis.wirings_answers import (
    BOTH,
    FORGETS,
    KNOWS,
    QUARTERS,
    ROW_BY_ROW,
    is_recognised,
    settled_at,
    when_it_settles,
    who_can_answer,
)
from mnist_rnn.network.reader import Trace


def read_as(*answers: int, at: float = 0.9) -> Trace:
    """A trace that names these classes, one a timestep, each this likely."""
    probabilities = np.full((len(answers), 10), (1 - at) / 9)
    probabilities[np.arange(len(answers)), answers] = at
    nothing = np.zeros((len(answers), 1))
    return Trace(nothing, nothing, np.log(probabilities), probabilities)


@pytest.mark.parametrize(
    ("answers", "row"), [([3] * 28, 1), ([1] * 27 + [3], 28), ([3, 1, 3, 3] + [3] * 24, 3)]
)
def test_a_reader_settles_after_the_last_answer_that_was_another(answers, row):
    outcome = when_it_settles(read_as(*answers))
    assert outcome.facts["row"] == row
    assert outcome.facts["answer"] == 3
    assert outcome.facts["answers"] == len(set(answers))


@pytest.mark.parametrize(
    ("row", "quarter"), [(1, 0), (7, 0), (8, 1), (14, 1), (15, 2), (21, 2), (22, 3), (28, 3)]
)
def test_a_row_is_in_the_quarter_that_names_it(row, quarter):
    outcome = when_it_settles(read_as(*[1] * (row - 1), *[3] * (29 - row)))
    first, last = map(int, QUARTERS[quarter].removeprefix("rows ").split(" to "))
    assert first <= row <= last
    assert outcome.truth == QUARTERS[quarter]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=28))
def test_from_the_settled_timestep_on_nothing_changes_but_before_it_something_does(answers):
    step = settled_at(np.array(answers))
    assert set(answers[step - 1 :]) == {answers[-1]}
    assert step == 1 or answers[step - 2] != answers[-1]


def test_only_who_reads_rows_can_answer_before_the_last():
    outcome = who_can_answer(read_as(5, at=0.9), read_as(1, 2, 6, at=0.8), row=2)
    assert outcome.truth == ROW_BY_ROW
    assert (outcome.facts["answer"], outcome.facts["early_answer"]) == (5, 2)
    assert outcome.facts["share"] == pytest.approx(0.9)
    assert outcome.facts["early_share"] == pytest.approx(0.8)
    assert who_can_answer(read_as(5, 5), read_as(1, 2), row=1).truth == BOTH


@pytest.mark.parametrize(("digit", "truth"), [(4, KNOWS), (9, FORGETS)])
def test_a_drawing_is_recognised_if_the_last_answer_is_what_was_asked_for(digit, truth):
    outcome = is_recognised(digit, read_as(9, 9, 4))
    assert outcome.truth == truth
    assert outcome.facts["answer"] == 4


def test_the_truth_is_among_the_answers_to_choose_from():
    outcomes = [
        when_it_settles(read_as(*range(10), *[3] * 18)),
        who_can_answer(read_as(5), read_as(5), row=1),
        is_recognised(3, read_as(3)),
    ]
    assert all(outcome.truth in outcome.options for outcome in outcomes)
