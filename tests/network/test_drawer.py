"""Drawing a digit: NumPy against Keras for every cell, and a drawing worked out by hand."""

import keras
import numpy as np
import pytest

from mnist_rnn.config import ModelConfig
from mnist_rnn.errors import UserError
from mnist_rnn.network.drawer import Drawer, code
from mnist_rnn.network.weights import Card
from mnist_rnn.training import models
from tests.networks import DRAWERS, name, random_tensors


@pytest.mark.parametrize("config", DRAWERS, ids=name)
def test_numpy_drawer_matches_keras(config: ModelConfig) -> None:
    digits = np.array([3, 0, 9])
    styles = np.random.default_rng(0).normal(size=(3, config.styles))
    tensors = random_tensors(config)
    drawing = Drawer(tensors, Card(config)).draw_batch(digits, styles)

    model = models.build(config)
    models.assign(model, config, tensors)
    rnn = model.get_layer("rnn")
    sequence, hidden, logits = keras.Model(model.input, [rnn.input, rnn.output, model.output])(
        code(digits, styles)
    )
    assert drawing.hidden.shape == (3, 28, 7)
    np.testing.assert_array_equal(drawing.sequence, sequence)
    np.testing.assert_allclose(drawing.hidden, hidden, atol=1e-5)
    np.testing.assert_allclose(drawing.logits, logits, atol=1e-5)
    np.testing.assert_allclose(drawing.rows, keras.ops.sigmoid(logits), atol=1e-5)


def test_code_is_a_one_among_ten_and_then_the_style() -> None:
    np.testing.assert_array_equal(
        code(np.array([2, 0]), np.array([[0.5, -1], [2, 3]])),
        [[0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0.5, -1], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3]],
    )


def test_drawing_by_hand() -> None:
    config = ModelConfig(head="one_to_many", units=2, styles=1)
    tensors = {key: np.zeros_like(tensor) for key, tensor in random_tensors(config).items()}
    tensors["rnn.kernel"][4] = (1, 0)  # the class 4
    tensors["rnn.kernel"][10] = (0, 2)  # the style
    tensors["rnn.recurrent_kernel"][:] = [[0, 3], [-3, 0]]
    tensors["head.kernel"][:, 5] = (8, -8)
    drawing = Drawer(tensors, Card(config)).draw(4, np.array([0.25]))
    first = np.tanh([1, 0.5])
    second = np.tanh([-3 * first[1], 3 * first[0]])  # nothing goes in any more
    np.testing.assert_allclose(drawing.hidden[:2], [first, second], atol=1e-6)
    ink = 1 / (1 + np.exp(-8 * (second[0] - second[1])))
    np.testing.assert_allclose(drawing.rows[1], np.where(np.arange(28) == 5, ink, 0.5), atol=1e-6)
    assert drawing.image.dtype == np.uint8
    assert (drawing.image[1, 5], drawing.image[1, 4]) == (round(255 * ink), 128)


def test_one_digit_is_drawn_as_in_a_batch_and_in_the_mean_style_if_none_is_named() -> None:
    config = ModelConfig(head="one_to_many", units=5, styles=3)
    drawer = Drawer(random_tensors(config), Card(config))
    batch = drawer.draw_batch(np.array([1, 8]), np.zeros((2, 3)))
    for one, many in zip(
        (drawer.draw(8).sequence, drawer.draw(8).hidden, drawer.draw(8).rows),
        (batch.sequence, batch.hidden, batch.rows),
        strict=True,
    ):
        np.testing.assert_allclose(one, many[1], atol=1e-6)


def test_network_that_reads_is_no_drawer() -> None:
    config = ModelConfig()
    with pytest.raises(UserError, match="reads digits"):
        Drawer(random_tensors(config), Card(config))
