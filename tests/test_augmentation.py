"""Augmentation makes other digits of the same kind, and the same ones for the same seed."""

import numpy as np

from mnist_rnn import augmentation
from mnist_rnn.augmentation import distorted
from mnist_rnn.data import load_digits

IMAGES = load_digits("test").images[:200]


def test_the_same_random_numbers_give_the_same_images():
    first, second = (distorted(IMAGES, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (first != distorted(IMAGES, np.random.default_rng(4))).any()


def test_every_image_changes_but_keeps_about_its_ink():
    changed = distorted(IMAGES, np.random.default_rng(0))
    assert changed.dtype == np.uint8
    assert (changed != IMAGES).any((1, 2)).all()
    assert 0.9 < changed.mean() / IMAGES.mean() < 1.1


def test_without_any_distortion_an_image_stays_as_it_is(monkeypatch):
    for name in ("TURN_DEGREES", "SLANT", "LOG_STRETCH", "MOVE_PIXELS"):
        monkeypatch.setattr(augmentation, name, 0.0)
    np.testing.assert_array_equal(distorted(IMAGES, np.random.default_rng(0)), IMAGES)


def test_a_turn_goes_about_the_middle(monkeypatch):
    for name in ("TURN_DEGREES", "SLANT", "LOG_STRETCH", "MOVE_PIXELS"):
        monkeypatch.setattr(augmentation, name, 0.0)
    monkeypatch.setattr(augmentation, "TURN_DEGREES", 1.0)

    class QuarterTurn:
        def normal(self, _mean: float, deviation: float, size: object) -> np.ndarray:
            return np.full(size, 90.0 * deviation)

    (turned,) = distorted(IMAGES[:1], QuarterTurn())
    assert any(np.array_equal(turned, np.rot90(IMAGES[0], times)) for times in (1, 3))
