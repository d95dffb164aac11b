"""The NumPy reader against Keras for every network, and against sums done by hand."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from mnist_rnn.analysis.blame import blame
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.errors import UserError
from mnist_rnn.network import reader
from mnist_rnn.network.cells import sigmoid
from mnist_rnn.network.reader import Reader, to_input
from mnist_rnn.network.weights import Card
from mnist_rnn.training import models
from tests.networks import READERS, name, random_tensors


@pytest.mark.parametrize("config", READERS, ids=name)
def test_numpy_reader_matches_keras(config: ModelConfig) -> None:
    images = load_digits("test").images[:6]
    tensors = random_tensors(config)
    trace = Reader(tensors, Card(config)).read_batch(images)

    model = models.build(config)
    models.assign(model, config, tensors)
    if config.head == "one_to_one":
        dense = model.get_layer("dense")
        sequence, hidden = (
            np.asarray(keras.Model(model.input, tensor)(to_input(images)))[:, None]
            for tensor in (dense.input, dense.output)
        )
    else:
        sequence = keras.Model(model.input, model.get_layer("rnn").input)(to_input(images))
        hidden = np.asarray(_with_every_state(model.get_layer("rnn"))(sequence))
    probabilities = keras.ops.softmax(model.get_layer("head")(hidden))
    assert trace.hidden.shape == (6, config.timesteps, 7)
    np.testing.assert_allclose(trace.sequence, sequence, atol=1e-5)
    np.testing.assert_allclose(trace.hidden, hidden, atol=1e-5)
    np.testing.assert_allclose(trace.probabilities, probabilities, atol=1e-5)

    answers = np.asarray(keras.ops.softmax(model(to_input(images))))
    read = trace.probabilities if config.head == "many_to_many" else trace.probabilities[:, -1]
    np.testing.assert_allclose(read, answers, atol=1e-5)


def _with_every_state(rnn: keras.layers.RNN) -> keras.layers.RNN:
    """The same Keras layer with the same weights, returning the state after each timestep."""
    settings = rnn.get_config() | {"return_sequences": True}
    layer = type(rnn).from_config(settings)
    layer.build(rnn.input.shape)
    layer.set_weights(rnn.get_weights())
    return layer


@pytest.mark.parametrize("order", ["map_major", "row_major"])
def test_numpy_reader_matches_keras_after_relu(order: str) -> None:
    config = ModelConfig(backbone="cnn_rnn", order=order, activation="relu", scaling="twice")
    tensors = random_tensors(config)
    images = load_digits("test").images[:3]
    model = models.build(config)
    models.assign(model, config, tensors)
    sequence = keras.Model(model.input, model.get_layer("rnn").input)(to_input(images, "twice"))
    ours = Reader(tensors, Card(config)).sequence(images)
    np.testing.assert_allclose(ours, sequence, atol=1e-5)


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_a_memory_without_bounds_stays_a_finite_number(activation: str) -> None:
    config = ModelConfig(rnn_activation=activation, units=3)
    tensors = {key: np.full_like(tensor, 1e10) for key, tensor in random_tensors(config).items()}
    reader = Reader(tensors, Card(config))
    image = load_digits("test").images[0]
    assert np.isfinite(reader.read(image).probabilities).all()
    assert np.isfinite(blame(reader, image, 27).memory).all()


def test_one_image_reads_as_in_a_batch() -> None:
    config = ModelConfig()
    images = load_digits("test").images[:3]
    numpy_reader = Reader(random_tensors(config), Card(config))
    batch, one = numpy_reader.read_batch(images), numpy_reader.read(images[1])
    np.testing.assert_allclose(one.hidden, batch.hidden[1], atol=1e-4)
    np.testing.assert_array_equal(one.answers, batch.answers[1])
    np.testing.assert_allclose(one.probabilities.sum(-1), 1, atol=1e-6)


def _f32(values: object) -> np.ndarray:
    return np.array(values, np.float32)


def test_one_to_one_by_hand() -> None:
    config = ModelConfig(head="one_to_one", units=2)
    tensors = {key: np.zeros_like(tensor) for key, tensor in random_tensors(config).items()}
    # Pixel (1, 3) is the 31st number of the flattened image.
    tensors["dense.kernel"][31] = (1, -2)
    tensors["dense.bias"][:] = (0.5, 0)
    tensors["head.kernel"][:, 7] = (1, 1)
    tensors["head.bias"][4] = 0.25
    image = np.zeros((28, 28), np.uint8)
    image[1, 3] = 255
    trace = Reader(tensors, Card(config)).read(image)
    assert trace.sequence.shape == (1, 784)
    np.testing.assert_allclose(trace.hidden, np.tanh([[1.5, -2]]), atol=1e-6)
    expected = np.zeros((1, 10))
    expected[0, 7], expected[0, 4] = np.tanh(1.5) + np.tanh(-2), 0.25
    np.testing.assert_allclose(trace.logits, expected, atol=1e-6)
    assert trace.answers == [4]


def test_network_that_draws_is_no_reader() -> None:
    config = ModelConfig(head="one_to_many")
    with pytest.raises(UserError, match="draws digits"):
        Reader(random_tensors(config), Card(config))


def test_convolution_by_hand() -> None:
    maps = np.zeros((1, 28, 28, 1), np.float32)
    maps[0, 0, 0] = 1
    kernel = np.arange(9, dtype=np.float32).reshape(3, 3, 1, 1)
    out = reader.convolve(maps, kernel, _f32([10]))[0, :, :, 0]
    # The one lit pixel, in the corner, is seen through the middle (4) of its own window, the left
    # (3) of its right neighbour's, the top (1) of its lower neighbour's, and so on.
    np.testing.assert_array_equal(out[:3, :3], [[14, 13, 10], [11, 10, 10], [10, 10, 10]])


def test_map_major_reads_one_map_after_another() -> None:
    config = ModelConfig(backbone="cnn_rnn", filters=2, units=1, order="map_major")
    sequence = _copies_and_doubles(config)
    image = load_digits("test").images[0].astype(np.float32) / 255
    np.testing.assert_allclose(sequence[:28], image, atol=1e-6)
    np.testing.assert_allclose(sequence[28:], 2 * image, atol=1e-6)


def test_row_major_reads_a_row_of_every_map() -> None:
    config = ModelConfig(backbone="cnn_rnn", filters=2, units=1, order="row_major")
    sequence = _copies_and_doubles(config)
    image = load_digits("test").images[0].astype(np.float32) / 255
    np.testing.assert_allclose(sequence, np.hstack([image, 2 * image]), atol=1e-6)


def _copies_and_doubles(config: ModelConfig) -> np.ndarray:
    """The sequence of a test digit when map 1 is the image itself, and map 2 is twice that."""
    tensors = {key: np.zeros_like(tensor) for key, tensor in random_tensors(config).items()}
    tensors["conv1.kernel"][1, 1, 0] = (1, 2)
    tensors["conv2.kernel"][1, 1] = np.eye(2)
    return Reader(tensors, Card(config)).sequence(load_digits("test").images[:1])[0]


def test_softmax_and_sigmoid_do_not_overflow() -> None:
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(reader.softmax(_f32([1e4, 0, 1e4])), [0.5, 0, 0.5])
        np.testing.assert_allclose(sigmoid(np, _f32([-1e4, 0, 1e4])), [0, 0.5, 1])


def test_reading_needs_neither_keras_nor_tensorflow() -> None:
    program = (
        "import sys, mnist_rnn.network.reader, mnist_rnn.network.weights, mnist_rnn.digits.mnist, "
        "mnist_rnn.presets, "
        "mnist_rnn.evaluation.accuracy, mnist_rnn.__main__; "
        "sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
