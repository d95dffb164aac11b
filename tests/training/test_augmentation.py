"""Augmentation makes other digits of the same kind, and the same ones for the same seed."""

import numpy as np

from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.training import augmentation
from mnist_rnn.training.augmentation import UPRIGHT_SHARES, distorted

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


def test_level_distortion_moves_the_ink_sideways_more_than_up_or_down() -> None:
    changed = distorted(IMAGES, np.random.default_rng(0), UPRIGHT_SHARES["affine_level"])
    down, across = (np.std(_centres(changed, axis) - _centres(IMAGES, axis)) for axis in (1, 2))
    assert across > 2 * down
    assert down > 0


def _centres(images: np.ndarray, axis: int) -> np.ndarray:
    """The centre of the ink along an axis of images (n, 28, 28), in pixels, (n,)."""
    mass = images.astype(float).sum(3 - axis)
    return mass @ np.arange(28) / mass.sum(1)
