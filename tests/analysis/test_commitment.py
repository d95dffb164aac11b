"""When a reader commits, and what that costs, on readings worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_rnn.analysis.commitment import Commitment, Tradeoff, commit, commit_steps, committing
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.evaluation.accuracy import Evaluation, evaluate
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card, shapes

# Four images read in three steps each; the labels are 1, 2, 3 and 3.
ANSWERS = np.array([[7, 1, 1], [2, 2, 2], [5, 5, 3], [0, 3, 8]], np.uint8)
CONFIDENCES = np.array(
    [[0.4, 0.9, 0.8], [0.95, 0.9, 0.99], [0.3, 0.6, 0.7], [0.5, 0.92, 0.6]], np.float32
)
HAND = Evaluation(ANSWERS, np.array([1, 2, 3, 3], np.uint8), CONFIDENCES)

confidences = arrays(np.float32, (5, 7), elements=st.floats(0.125, 1, width=32))
thresholds = st.floats(0, 1.1)


def trace(*rows: tuple[int, float]) -> np.ndarray:
    """Probabilities (timesteps, 10) with this digit at this probability, the rest shared."""
    probabilities = np.empty((len(rows), 10))
    for row, (digit, probability) in zip(probabilities, rows, strict=True):
        row[:] = (1 - probability) / 9
        row[digit] = probability
    return probabilities


def test_a_reader_commits_at_the_first_step_that_reaches_the_threshold():
    probabilities = trace((4, 0.3), (6, 0.7), (8, 0.95), (6, 0.9))
    assert commit(probabilities, 0.7) == Commitment(answer=6, steps=2, timesteps=4, reached=True)
    assert commit(probabilities, 0.8) == Commitment(answer=8, steps=3, timesteps=4, reached=True)
    assert commit(probabilities, 0.8).saved == 1


def test_a_reader_that_is_never_sure_answers_after_the_last_step():
    probabilities = trace((4, 0.3), (6, 0.7), (8, 0.4))
    assert commit(probabilities, 0.99) == Commitment(answer=8, steps=3, timesteps=3, reached=False)
    assert commit(probabilities, 0.99).saved == 0


def test_a_reader_may_become_sure_at_the_very_last_step():
    assert commit(trace((4, 0.3), (6, 0.99)), 0.99).reached


def test_each_image_is_answered_at_its_own_step():
    assert commit_steps(CONFIDENCES, 0.9).tolist() == [2, 1, 3, 2]
    # Answers 1, 2, 3 and 3: all right, after 2 + 1 + 3 + 2 steps.
    assert committing(HAND, 0.9) == Tradeoff(accuracy=1.0, mean_steps=2.0)
    # From 0.5 on: 1 at step 2, 2 at step 1, 5 at step 2 and 0 at step 1; two are right.
    assert committing(HAND, 0.5) == Tradeoff(accuracy=0.5, mean_steps=1.5)
    # Never: the last answers, of which 8 is wrong.
    assert committing(HAND, 1.0) == Tradeoff(accuracy=0.75, mean_steps=3.0)


def test_it_can_be_asked_of_one_digit_alone():
    threes = HAND.of(3)
    assert threes.by_timestep.tolist() == [0, 0.5, 0.5]
    assert committing(threes, 0.5) == Tradeoff(accuracy=0.0, mean_steps=1.5)


@settings(deadline=None)
@given(confidences, thresholds, thresholds)
def test_who_asks_for_more_certainty_never_reads_less(sure, one, other):
    low, high = sorted((one, other))
    assert (commit_steps(sure, low) <= commit_steps(sure, high)).all()


@settings(deadline=None)
@given(confidences, thresholds)
def test_nothing_before_a_commitment_was_sure_enough(sure, threshold):
    before = sure.copy()
    for reading, steps in zip(before, commit_steps(sure, threshold), strict=True):
        assert 1 <= steps <= 7
        assert (reading[: steps - 1] < threshold).all()
        assert steps == 7 or reading[steps - 1] >= threshold
    np.testing.assert_array_equal(sure, before)


@pytest.mark.parametrize(
    "config",
    [
        ModelConfig(),
        ModelConfig(cell="gru", units=60),
        ModelConfig(cell="lstm", units=300),
        ModelConfig(backbone="cnn_rnn", filters=3),
        ModelConfig(backbone="cnn_rnn", order="row_major", head="many_to_many"),
    ],
    ids=["rnn", "gru", "lstm", "map by map", "row by row"],
)
def test_an_evaluation_says_what_reading_each_image_says(config):
    random = np.random.default_rng(0)
    tensors = {
        name: random.normal(scale=0.2, size=shape).astype(np.float32)
        for name, shape in shapes(config).items()
    }
    reader = Reader(tensors, Card(config))
    digits = load_digits("test").first(23)
    found = evaluate(reader, digits)
    probabilities = np.stack([reader.read(image).probabilities for image in digits.images])
    assert found.answers.shape == found.confidences.shape == (23, config.timesteps)
    np.testing.assert_allclose(found.confidences, probabilities.max(2), atol=1e-4)
    named = np.take_along_axis(probabilities, found.answers[..., None].astype(int), 2)[..., 0]
    np.testing.assert_allclose(named, probabilities.max(2), atol=1e-4)
    np.testing.assert_array_equal(found.labels, digits.labels)
