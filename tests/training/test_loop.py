"""A training repeats itself number by number, reports, learns, and can be steered."""

import math
from dataclasses import replace

import numpy as np
import pytest

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.evaluation.accuracy import evaluate
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from mnist_rnn.progress import ChunkDone, Diverged, EpochDone, Steering
from mnist_rnn.training.engine import Engine
from mnist_rnn.training.loop import train
from tests.networks import name
from tests.training.small import CONVOLUTIONS, QUICK, SMALL


@pytest.mark.parametrize("config", [SMALL, CONVOLUTIONS], ids=name)
def test_same_seed_same_curve(config: ModelConfig) -> None:
    first, again, other = (_curve(config, replace(QUICK, seed=seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def _curve(config: ModelConfig, training: TrainConfig) -> list[tuple[float, ...]]:
    """Every number that a training reports, apart from the time."""
    return [
        (event.loss, event.accuracy)
        if isinstance(event, ChunkDone)
        else (event.validation_loss, *event.validation_accuracy_by_timestep)
        for event in train(config, training)
    ]


def test_every_image_is_seen_in_every_epoch() -> None:
    events = list(train(SMALL, QUICK))
    for epoch in (1, 2):
        chunks = [e for e in events if isinstance(e, ChunkDone) and e.epoch == epoch]
        assert [c.images_in_epoch for c in chunks] == [250] * len(chunks)
        assert chunks[-1].images == 250
    assert [e.epoch for e in events if isinstance(e, EpochDone)] == [1, 2]
    seconds = [e.seconds for e in events]
    assert seconds == sorted(seconds)


def test_big_training_reports_within_the_epoch() -> None:
    progress = train(SMALL, TrainConfig(epochs=1))
    first = next(progress)
    progress.close()
    assert isinstance(first, ChunkDone)
    assert 0 < first.images < first.images_in_epoch == 50_000


def test_validation_agrees_with_the_numpy_reader() -> None:
    *_, done = train(SMALL, replace(QUICK, epochs=1))
    assert isinstance(done, EpochDone)
    reader = Reader(done.tensors, Card(SMALL))
    by_timestep = evaluate(reader, load_digits("validation")).by_timestep
    # Rounding may tip a digit on which two classes are level.
    np.testing.assert_allclose(done.validation_accuracy_by_timestep, by_timestep, atol=3e-4)
    assert done.validation_accuracy == done.validation_accuracy_by_timestep[-1]


def test_network_learns() -> None:
    training = TrainConfig(epochs=2, train_images=10_000, optimizer="adam", learning_rate=0.005)
    *_, done = train(ModelConfig(), training)
    assert isinstance(done, EpochDone)
    assert done.validation_accuracy > 0.7


def test_one_more_epoch_may_be_asked_for_after_the_last_one() -> None:
    asked = [Steering()]
    done = 0
    for event in train(SMALL, replace(QUICK, epochs=1), steer=lambda: asked[0]):
        if isinstance(event, EpochDone):
            done = event.epoch
            asked[0] = Steering(epochs=2)
    assert done == 2


def test_steering_changes_rate_and_epochs_under_way() -> None:
    asked = [Steering()]
    rates = []
    for event in train(SMALL, QUICK, steer=lambda: asked[0]):
        if isinstance(event, EpochDone):
            rates.append(event.learning_rate)
            asked[0] = Steering(learning_rate=0.002, epochs=3)
    assert rates == pytest.approx([0.01, 0.002, 0.002])


def test_fewer_epochs_end_the_training_after_this_one() -> None:
    events = list(train(SMALL, QUICK, steer=lambda: Steering(epochs=1)))
    assert [e.epoch for e in events if isinstance(e, EpochDone)] == [1]


def test_cosine_lets_the_rate_fall_to_nothing() -> None:
    training = replace(QUICK, schedule="cosine", epochs=4)
    rates = [e.learning_rate for e in train(SMALL, training) if isinstance(e, EpochDone)]
    # 7 steps an epoch; the rate of step s of 28 is half of (1 + cos(pi s / 28)) of the first.
    steps = np.array([6, 13, 20, 27])
    np.testing.assert_allclose(rates, 0.01 * (1 + np.cos(np.pi * steps / 28)) / 2, rtol=1e-4)


def test_divergence_is_named(monkeypatch) -> None:
    # A tanh saturates before anything overflows, so no setting leads here for sure.
    monkeypatch.setattr(Engine, "run", lambda *_: (math.nan, 0.0))
    with pytest.raises(Diverged, match=r"finite number in epoch 1: the learning rate 0\.01 is"):
        next(train(SMALL, QUICK))
