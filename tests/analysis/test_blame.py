"""Which pixels mattered: gradients back to the pixels, against finite differences in float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.analysis.blame import Blame, blame, pixel_gradient
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.cells import CELLS, unroll
from mnist_rnn.network.reader import Reader, convolve, to_input
from mnist_rnn.network.weights import Card, Tensors
from tests.network.differences import float64_weights, slope
from tests.networks import ROW_READERS, name, random_tensors

DIGIT = load_digits("test").images[0]
seeds = st.integers(0, 2**32 - 1)


CONVOLUTIONS = [
    ModelConfig(backbone="cnn_rnn", order=order, activation=activation, filters=3, units=4)
    for order in ("map_major", "row_major")
    for activation in ("linear", "relu")
]


def sequence_of(config: ModelConfig, w: Tensors, pixels: np.ndarray) -> np.ndarray:
    """`Reader.sequence` in float64, map by map or row by row written out as loops."""
    if config.backbone == "rnn":
        return pixels
    maps = pixels[None, ..., None]
    for layer in ("conv1", "conv2"):
        maps = convolve(maps, w[f"{layer}.kernel"], w[f"{layer}.bias"])
        maps = np.maximum(maps, 0) if config.activation == "relu" else maps
    if config.order == "map_major":
        return np.concatenate([maps[0, :, :, filter] for filter in range(config.filters)])
    return np.stack([row.T.ravel() for row in maps[0]])


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(CONVOLUTIONS), seeds)
def test_pixel_gradients_go_back_through_the_convolutions(config, seed):
    random = np.random.default_rng(seed)
    w = float64_weights(config, random)
    pixels = random.uniform(size=(28, 28))
    pull = random.normal(size=(config.timesteps, config.features))
    gradient = pixel_gradient(config, w, pixels, pull)
    way = random.normal(size=(28, 28))
    # Straight between the bends of relu: a short step is as exact as any, and seldom meets a bend.
    step = 1e-8
    by_differences = slope(lambda p: (pull * sequence_of(config, w, p)).sum(), pixels, way, step)
    assert (gradient * way).sum() == pytest.approx(by_differences, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("config", ROW_READERS, ids=name)
def test_blame_is_gradient_times_ink_of_the_answer_s_score(config):
    tensors = random_tensors(config)
    timestep = config.timesteps * 20 // 28
    found = blame(Reader(tensors, Card(config)), DIGIT, timestep)
    w = {key: tensor.astype(float) for key, tensor in tensors.items()}
    ink = to_input(DIGIT).astype(float)

    def logits(pixels: np.ndarray) -> np.ndarray:
        read = sequence_of(config, w, pixels)
        start = CELLS[config.cell].empty(1, config.units)
        *_, last = unroll(CELLS[config.cell], read[None, :timestep], start, w)
        return last[0][0] @ w["head.kernel"] + w["head.bias"]

    assert found.answer == logits(ink).argmax()
    for row in (5, 8, 12, 19, 24):
        way = np.zeros((28, 28))
        way[row] = ink[row]
        by_differences = slope(lambda pixels: logits(pixels)[found.answer], ink, way)
        assert found.ink[row].sum() == pytest.approx(by_differences, rel=2e-3, abs=1e-5)


@pytest.mark.parametrize("config", ROW_READERS, ids=name)
def test_memory_is_counted_in_shares_of_what_a_change_now_would_do(config):
    reader = Reader(random_tensors(config), Card(config))
    memory = blame(reader, DIGIT, config.timesteps - 3).memory
    assert memory.shape == (config.timesteps - 3,)
    assert memory[-1] == 1
    assert (memory >= 0).all()


def test_rows_that_were_not_read_have_no_blame():
    ink = blame(Reader(random_tensors(ModelConfig()), Card(ModelConfig())), DIGIT, 15).ink
    assert np.abs(ink[:15]).sum() > 0
    assert not ink[15:].any()


def test_a_row_s_share_counts_what_speaks_for_and_what_speaks_against():
    ink = np.zeros((28, 28))
    ink[3, :2] = 1, -2
    ink[9, 5] = -1
    shares = Blame(0, ink, np.ones(1)).by_row
    assert (shares[3], shares[9]) == (0.75, 0.25)
    assert Blame(0, np.zeros((28, 28)), np.ones(1)).by_row.sum() == 0


def test_a_head_without_weights_blames_nothing():
    config = ModelConfig()
    tensors = random_tensors(config) | {"head.kernel": np.zeros((50, 10), np.float32)}
    found = blame(Reader(tensors, Card(config)), DIGIT, 28)
    assert not found.ink.any()
    assert not found.memory.any()
