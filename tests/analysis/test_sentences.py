"""Every row's sentence says what its probabilities did, on readings worked out by hand."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_rnn.analysis.sentences import sentences
from mnist_rnn.network.reader import softmax


def spread(**percent: int) -> list[float]:
    """Ten probabilities: those of the digits given, as d6=41, and 0 for the rest."""
    return [percent.get(f"d{digit}", 0) / 100 for digit in range(10)]


def told(*rows: list[float], empty: int | None = None, **more) -> str:
    """The sentence of the last of these rows; `empty` is the number of an empty row."""
    here = np.arange(1, len(rows) + 1) == (empty or 0)
    more = {"asked": np.ones(len(rows), bool)} | more
    return "; ".join(sentences(np.array(rows), here, **more)[-1])


BEFORE = spread(d1=30, d7=40, d6=10, d0=5, d3=15)
AFTER = spread(d1=18, d7=10, d6=41, d0=16, d3=15)


def test_it_names_what_fell_and_what_rose_the_largest_change_first():
    assert told(BEFORE, spread(d6=41, d0=20, d3=14, d7=12, d1=13)) == (
        "row 2: 7 and 1 fell, 6 and 0 rose; it turns from 7 to 6 (41% sure)"
    )
    assert told(AFTER, spread(d1=2, d7=1, d6=62, d0=20, d3=15)) == (
        "row 2: 1 and 7 fell, 6 rose; it says 6 (62% sure)"
    )


def test_where_there_is_little_room_only_the_largest_changes_are_named():
    assert told(BEFORE, AFTER, most=1) == "row 2: 7 fell, 6 rose; it turns from 7 to 6 (41% sure)"


def test_before_the_first_row_every_digit_is_as_likely_as_any_other():
    tenths = dict.fromkeys((f"d{digit}" for digit in range(10)), 10)
    assert told(spread(**tenths)) == "row 1 changed nothing; undecided; 0 leads (10%)"
    assert told(spread(**(tenths | {"d3": 16, "d4": 4}))) == (
        "row 1: 4 fell, 3 rose; undecided; 3 leads (16%)"
    )


def test_a_row_that_changes_no_probability_changed_nothing():
    sure = spread(d7=99, d1=1)
    assert told(sure, sure) == "row 2 changed nothing; it says 7, 99% sure"
    certain = spread(d7=100)
    assert told(certain, certain) == "row 2 changed nothing; it says 7, >99% sure"
    assert told(spread(d7=96, d1=4), sure) == "row 2 changed little; it says 7, 99% sure"


def test_an_empty_row_is_called_empty_and_may_still_change_the_answer():
    assert told(BEFORE, BEFORE, empty=2) == (
        "row 2 was empty and changed nothing; it leans to 7 (40% sure)"
    )
    assert told(BEFORE, AFTER, empty=2, most=1) == (
        "row 2 was empty, yet 7 fell, 6 rose; it turns from 7 to 6 (41% sure)"
    )


def test_a_head_that_was_never_trained_here_is_not_said_to_be_sure():
    never = np.array([False, True])
    early, late = sentences(
        np.array([spread(d2=98, d1=2), spread(d2=98, d1=2)]), np.zeros(2, bool), never
    )
    assert early[1] == "if asked now: 2 (98%), not trained"
    assert late[1] == "it says 2, 98% sure"


def test_timesteps_that_are_no_rows_are_called_steps():
    assert told(BEFORE, BEFORE, unit="step").startswith("step 2 changed nothing")


@settings(deadline=None, max_examples=60)
@given(
    arrays(np.float64, (6, 10), elements=st.floats(-8, 8)),
    arrays(bool, 6),
    arrays(bool, 6),
    st.integers(1, 2),
)
def test_every_sentence_is_true_and_short_enough_for_its_line(logits, empty, asked, most):
    probabilities = softmax(logits)
    before = np.vstack([np.full(10, 0.1), probabilities[:-1]])
    for step, (event, verdict) in enumerate(sentences(probabilities, empty, asked, "row", most)):
        assert len(event) <= (50 if most == 2 else 36)
        assert len(verdict) <= 36
        assert ("was empty" in event) == empty[step]
        for verb, sign in (("fell", -1), ("rose", 1)):
            if named := re.search(rf"(\d)(?: and (\d))? {verb}", event):
                for digit in filter(None, named.groups()):
                    assert sign * (probabilities - before)[step, int(digit)] >= 0.05
        assert f"{probabilities[step].max():.0%}".replace("100%", ">99%") in verdict
