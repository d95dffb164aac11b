"""Probabilities against calibration errors and temperatures worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.evaluation.accuracy import measured
from mnist_rnn.evaluation.calibration import (
    as_trained,
    best_temperature,
    calibration_error,
    finished,
    last_logits,
    tempered,
)
from mnist_rnn.network import weights
from mnist_rnn.network.catalog import SHIPPED
from mnist_rnn.network.reader import Reader, softmax
from mnist_rnn.network.weights import Card
from tests.networks import random_tensors

CONFIG = ModelConfig(units=3, head="many_to_many")


def test_calibration_error_by_hand() -> None:
    # Two bins. Up to a half: sure 0.3 and 0.5, right once, a gap of |0.4 - 0.5|. Above: sure 0.8,
    # 0.9 and 1, right twice, a gap of |0.9 - 2/3|.
    confidences = np.array([0.3, 0.5, 0.8, 0.9, 1.0])
    right = np.array([True, False, False, True, True])
    error = calibration_error(confidences, right, bins=2)
    assert error == pytest.approx(2 / 5 * 0.1 + 3 / 5 * (0.9 - 2 / 3))


@given(st.lists(st.tuples(st.floats(0.1, 1), st.booleans()), min_size=1))
@settings(deadline=None)
def test_calibration_error_bin_by_bin(readings) -> None:
    confidences, right = (np.array(column) for column in zip(*readings, strict=True))
    expected = 0.0
    for number in range(1, 16):
        inside = np.ceil(confidences * 15) == number
        if inside.any():
            expected += inside.mean() * abs(confidences[inside].mean() - right[inside].mean())
    assert calibration_error(confidences, right) == pytest.approx(expected, abs=1e-9)


def test_who_is_right_as_often_as_it_says_has_no_error() -> None:
    assert calibration_error(np.full(4, 0.75), np.array([1, 1, 1, 0], bool)) == pytest.approx(0)
    assert calibration_error(np.ones(3), np.zeros(3, bool)) == pytest.approx(1)


def test_temperature_by_hand() -> None:
    # Two classes in play, always 5 apart, right in 3 of 4: best are odds of 3, logits log 3 apart.
    logits = np.full((4, 10), -1e9)
    logits[:, :2] = 5, 0
    labels = np.array([0, 0, 0, 1])
    assert best_temperature(logits, labels) == pytest.approx(5 / np.log(3), rel=1e-6)


@pytest.mark.parametrize(("labels", "end"), [([0, 0], 0.05), ([9, 9], 20)])
def test_temperature_stays_within_bounds(labels, end) -> None:
    logits = np.tile(np.linspace(3, -3, 10), (2, 1))
    assert best_temperature(logits, np.array(labels)) == pytest.approx(end, rel=1e-5)


@given(st.floats(0.2, 5))
@settings(deadline=None, max_examples=20)
def test_temperature_undoes_a_factor(factor) -> None:
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (500, 10))
    labels = np.array([random.choice(10, p=row) for row in softmax(logits)])
    found = best_temperature(logits, labels)
    assert best_temperature(logits * factor, labels) == pytest.approx(found * factor, rel=1e-5)
    assert found == pytest.approx(1, abs=0.15)


def test_tempered_weights_divide_the_logits() -> None:
    images = load_digits("test").images[:7]
    tensors = random_tensors(CONFIG)
    hot = tempered(tensors, 2.5)
    before, after = (Reader(t, Card(CONFIG)).read_batch(images) for t in (tensors, hot))
    np.testing.assert_allclose(after.logits, before.logits / 2.5, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(after.hidden, before.hidden)


def test_last_logits_are_those_of_the_last_timestep() -> None:
    reader = Reader(random_tensors(CONFIG), Card(CONFIG))
    images = load_digits("test").images[:510]
    found = last_logits(reader, images)
    assert found.shape == (510, 10)
    np.testing.assert_allclose(found[505], reader.read(images[505]).logits[-1], rtol=1e-4)


def test_a_training_ends_calibrated_on_the_validation_digits_if_it_is_to_be() -> None:
    tensors = random_tensors(CONFIG)
    plain, card = finished(tensors, Card(CONFIG, epochs_done=2))
    assert plain is tensors
    assert card == measured(tensors, Card(CONFIG, epochs_done=2))

    training = TrainConfig(calibration="temperature")
    calibrated, calibrated_card = finished(tensors, Card(CONFIG, training, 2))
    assert calibrated_card.temperature != 1
    np.testing.assert_allclose(
        as_trained(Reader(calibrated, calibrated_card)).tensors["head.kernel"],
        tensors["head.kernel"],
        rtol=1e-6,
    )
    assert calibrated_card.accuracy_by_timestep == pytest.approx(
        card.accuracy_by_timestep, abs=5e-4
    )
    digits = load_digits("validation")
    logits = last_logits(Reader(calibrated, calibrated_card), digits.images)
    # An untrained reader knows next to nothing: it is cooled off as far as it goes.
    assert best_temperature(logits, digits.labels) == pytest.approx(1, rel=1e-3) or (
        np.abs(calibrated["head.kernel"]).max()
        == pytest.approx(np.abs(tensors["head.kernel"]).max() / weights.HOTTEST, rel=1e-4)
    )


def test_who_learnt_from_pens_is_calibrated_on_pens_too() -> None:
    reader = Reader.load(SHIPPED / "rnn-many_to_one-classroom.safetensors")
    cards = [
        finished(
            as_trained(reader).tensors,
            Card(reader.config, TrainConfig(calibration="temperature", writers=writers)),
        )[1]
        for writers in ("mnist", "mnist_and_pens")
    ]
    # People's pens are harder to read than MNIST: who knows them is less sure.
    assert cards[0].temperature < cards[1].temperature
