"""What is wrong with a training: by curves made by hand, and by trainings that fail."""

import math
from dataclasses import replace

import numpy as np
import pytest

from mnist_rnn.analysis.diagnosis import diagnose
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.runs.metrics import Curves, Metrics, to_line
from mnist_rnn.training.loop import train

SMALL = TrainConfig(epochs=4, train_images=1000, batch_size=20)


def curves(training, validation, accuracy):
    """Curves with one chunk an epoch; every argument is one number an epoch."""
    epochs = np.arange(1, len(training) + 1, dtype=float)
    losses, accuracies = np.array(training, float), np.array(accuracy, float)
    validated = np.array(validation, float), accuracies, accuracies
    return Curves(epochs, losses, accuracies, epochs, *validated, np.array([]), epochs, epochs)


def test_a_loss_far_above_guessing_is_divergence() -> None:
    assert diagnose(curves([5, 6, 5], [7, 5, 6], [0.1, 0.09, 0.1])) == "diverging"


def test_one_bad_moment_is_no_divergence() -> None:
    assert diagnose(curves([0.5, 0.4, 9], [0.5, 0.4, 9], [0.9, 0.9, 0.1])) is None


def test_the_loss_of_guessing_itself_is_no_divergence() -> None:
    guess = math.log(10)
    assert diagnose(curves([guess] * 3, [guess] * 3, [0.1, 0.11, 0.1])) == "guessing"


def test_two_epochs_are_too_few_to_call_it_guessing() -> None:
    assert diagnose(curves([2.3, 2.3], [2.3, 2.3], [0.1, 0.1])) is None


def test_overfitting_needs_a_rise_of_validation_and_a_fall_of_training() -> None:
    accuracy = [0.5, 0.8, 0.8, 0.8, 0.8]
    falling, level, rising = [1, 0.6, 0.3, 0.2, 0.1], [0.6] * 5, [1, 0.7, 0.9, 0.9, 1]
    assert diagnose(curves(falling, rising, accuracy)) == "overfitting"
    assert diagnose(curves(falling, level, accuracy)) is None
    assert diagnose(curves(level, rising, accuracy)) is None


def test_validation_that_jumps_with_training_is_no_overfitting() -> None:
    """As map by map many-to-many does: it wanders, but on both kinds of images alike."""
    training = [1.5, 1.0, 0.95, 0.97, 0.96, 0.94]
    assert diagnose(curves(training, [1.5, 0.8, 1.1, 1, 1.2, 1], [0.6] * 6)) is None


def test_nothing_is_said_of_nothing() -> None:
    assert diagnose(curves([], [], [])) is None


@pytest.mark.parametrize(
    ("changes", "diagnosis"),
    [
        ({"learning_rate": 0.1, "epochs": 6}, "diverging"),
        ({"learning_rate": 1e-6}, "guessing"),
        ({"learning_rate": 0.004, "epochs": 80, "train_images": 200}, "overfitting"),
        ({"learning_rate": 0.003}, None),
    ],
    ids=str,
)
def test_real_trainings_are_named(tmp_path, changes, diagnosis) -> None:
    path = tmp_path / "metrics.jsonl"
    events = train(ModelConfig(), replace(SMALL, **changes))
    path.write_bytes(b"".join(to_line(event) for event in events))
    assert diagnose(Metrics(path).refresh().curves()) == diagnosis
