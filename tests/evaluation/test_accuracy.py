"""Accuracies against counts done by hand, and the readers that ship against what they claim."""

import numpy as np
import pytest

from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.pen_digits import pen_images
from mnist_rnn.evaluation.accuracy import BATCH, Evaluation, evaluate, measured
from mnist_rnn.evaluation.drawn_by_rule import digits_by_rule
from mnist_rnn.network.catalog import SHIPPED
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from mnist_rnn.presets import PRESETS
from tests.networks import random_tensors

# The least that each must reach on the test digits after the last timestep.
PROMISED = {
    "rnn-many_to_one-classroom": 0.987,
    "rnn-many_to_many-classroom": 0.985,
    "cnn_rnn-many_to_one-classroom": 0.992,
    "cnn_rnn-many_to_many-classroom": 0.99,
    "rnn-many_to_one-2016": 0.965,
    "rnn-many_to_many-2016": 0.95,
    "lstm-many_to_one-10_epochs": 0.97,
    "gru-many_to_one-10_epochs": 0.97,
    "cnn_rnn-many_to_one-rows": 0.98,
    "cnn_rnn-many_to_many-rows": 0.97,
}

# The least of those of the Draw page on the pen digits of writers that only report.
PROMISED_OF_PENS = {
    "rnn-many_to_one-classroom": 0.965,
    "rnn-many_to_many-classroom": 0.962,
    "cnn_rnn-many_to_one-classroom": 0.97,
    "cnn_rnn-many_to_many-classroom": 0.97,
}


def test_accuracies_by_hand() -> None:
    answers = np.array([[1, 1], [0, 1], [2, 2], [1, 2]], np.uint8)
    result = Evaluation(answers, np.array([1, 1, 1, 2], np.uint8), confidences=np.ones((4, 2)))
    assert result.by_timestep.tolist() == [0.25, 0.75]
    assert result.accuracy == 0.75
    assert result.right.tolist() == [True, True, False, True]
    by_digit = result.by_digit
    assert by_digit[1] == pytest.approx(2 / 3)
    assert by_digit[2] == 1
    assert np.isnan(by_digit[[0, 3, 4, 5, 6, 7, 8, 9]]).all()


def test_evaluation_reads_every_digit_in_order() -> None:
    config = ModelConfig(units=3)
    reader = Reader(random_tensors(config), Card(config))
    digits = load_digits("test").first(BATCH + 20)
    result = evaluate(reader, digits)
    assert result.answers.shape == (BATCH + 20, 28)
    for place in (0, BATCH - 1, BATCH, BATCH + 19):
        expected = reader.read(digits.images[place])
        np.testing.assert_array_equal(result.answers[place], expected.answers)
        top = expected.probabilities.max(1)
        np.testing.assert_allclose(result.confidences[place], top, rtol=1e-4)


def test_measured_card_has_the_accuracies_of_the_test_digits() -> None:
    config = ModelConfig(units=3)
    tensors = random_tensors(config)
    card = measured(tensors, Card(config, epochs_done=4))
    result = evaluate(Reader(tensors, card), load_digits("test"))
    assert card.epochs_done == 4
    assert card.accuracy_by_timestep == tuple(result.by_timestep)
    assert card.accuracy_by_digit == tuple(result.by_digit)
    assert card.test_accuracy == result.accuracy


@pytest.mark.parametrize("preset", PROMISED)
def test_shipped_reader_keeps_its_promise(preset: str) -> None:
    reader = Reader.load(SHIPPED / f"{preset}.safetensors")
    assert reader.config == PRESETS[preset].model
    assert reader.card.train == PRESETS[preset].train
    assert reader.card.test_accuracy is not None
    assert reader.card.test_accuracy >= PROMISED[preset]
    # A part of the test digits is enough to see that the card belongs to these weights.
    few = evaluate(reader, load_digits("test").first(2_000))
    assert few.accuracy == pytest.approx(reader.card.test_accuracy, abs=0.02)


@pytest.mark.parametrize("preset", PROMISED_OF_PENS)
def test_who_learnt_from_pens_reads_what_people_draw(preset: str) -> None:
    reader = Reader.load(SHIPPED / f"{preset}.safetensors")
    assert evaluate(reader, pen_images("report")).accuracy >= PROMISED_OF_PENS[preset]
    for made in digits_by_rule().values():
        assert evaluate(reader, made).accuracy >= 0.97
