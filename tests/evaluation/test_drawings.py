"""How drawings are judged: variety by hand, and drawings in the styles of handwritten digits."""

import numpy as np
import pytest

from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.handwriting import StyleScale
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.evaluation import drawings
from mnist_rnn.evaluation.accuracy import evaluate, measured
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.weights import Card
from tests.networks import random_tensors

CONFIG = ModelConfig(head="one_to_many", units=6, styles=4)


@pytest.fixture
def scale(monkeypatch) -> StyleScale:
    """The scale of some training digits, in place of that of all."""
    scale = StyleScale(load_digits("train").first(2_000))
    monkeypatch.setattr(drawings, "training_scale", lambda: scale)
    return scale


def test_variety_is_the_distance_between_two_digits_of_a_class() -> None:
    images = np.zeros((5, 28, 28), np.uint8)
    images[1, 0, 0] = images[3, 5, :] = 255
    spread = drawings.variety(Digits(images, np.array([2, 2, 7, 7, 9])))
    # The pairs differ in one pixel and in 28 of 784; the 9 has no pair.
    assert spread[2] == pytest.approx(np.sqrt(1 / 784))
    assert spread[7] == pytest.approx(np.sqrt(28 / 784))
    assert np.isnan(np.delete(spread, [2, 7])).all()


def test_copies_of_one_drawing_have_no_variety() -> None:
    digits = load_digits("test").first(1)
    copies = Digits(np.repeat(digits.images, 4, 0), np.repeat(digits.labels, 4))
    assert drawings.variety(copies)[digits.labels[0]] == 0


def test_redrawn_digits_have_the_classes_and_styles_of_the_digits(scale: StyleScale) -> None:
    drawer = Drawer(random_tensors(CONFIG), Card(CONFIG))
    digits = load_digits("test").first(7)
    drawn = drawings.redrawn(drawer, digits)
    expected = drawer.draw(int(digits.labels[3]), scale.measure(digits, 4)[3])
    np.testing.assert_array_equal(drawn.labels, digits.labels)
    np.testing.assert_allclose(drawn.images[3], expected.image, atol=1)


def test_sampled_drawings_are_of_all_classes_and_repeat_with_their_seed() -> None:
    drawer = Drawer(random_tensors(CONFIG), Card(CONFIG))
    drawn, again, other = (
        drawings.sampled(drawer, 50, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.bincount(drawn.labels).tolist() == [5] * 10
    np.testing.assert_array_equal(drawn.images, again.images)
    assert (drawn.images != other.images).any()


def test_card_of_a_drawer_says_how_often_its_drawings_are_recognised(
    scale: StyleScale, monkeypatch
) -> None:
    digits = load_digits("test").first(60)
    monkeypatch.setattr("mnist_rnn.evaluation.accuracy.load_digits", lambda _: digits)
    # Redrawing is told apart from reading the digits themselves by what the judge then sees.
    tensors = random_tensors(CONFIG)
    card = measured(tensors, Card(CONFIG))
    drawn = drawings.redrawn(Drawer(tensors, Card(CONFIG)), digits)
    expected = evaluate(drawings.judge(), drawn)
    assert card.accuracy_by_timestep == tuple(expected.by_timestep.tolist())
    assert card.test_accuracy != evaluate(drawings.judge(), digits).accuracy
