"""Gradients against finite differences in float64: of every cell, through time and convolutions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.analysis.blame import Blame, blame, pixel_gradient
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.cells import CELLS, SIMPLE_RNNS, State, through_time, unroll
from mnist_rnn.network.reader import Reader, convolve, to_input
from mnist_rnn.network.weights import Card, Tensors, shapes
from tests.networks import ROW_READERS, name, random_tensors

DIGIT = load_digits("test").images[0]
STEP = 1e-6
seeds = st.integers(0, 2**32 - 1)
ALL_CELLS = CELLS | SIMPLE_RNNS
cells = st.sampled_from(sorted(ALL_CELLS))


def float64_weights(config: ModelConfig, random: np.random.Generator) -> Tensors:
    return {key: random.normal(0, 0.4, shape) for key, shape in shapes(config).items()}


def empty(cell: str, units: int) -> State:
    return (np.zeros((1, units)),) * ALL_CELLS[cell].states


def slope(function, at: np.ndarray, along: np.ndarray, step: float = STEP) -> float:
    """The derivative of a function of an array, in one direction, by central differences."""
    return (function(at + step * along) - function(at - step * along)) / (2 * step)


@settings(deadline=None, max_examples=30)
@given(cells, seeds, st.integers(1, 6), st.integers(1, 5), st.integers(1, 4))
def test_through_time_finds_the_slopes_of_the_score(cell, seed, timesteps, units, features):
    random = np.random.default_rng(seed)
    config = ModelConfig(cell=cell if cell in CELLS else "simple_rnn", units=units)
    w = float64_weights(config, random)
    w["rnn.kernel"] = w["rnn.kernel"][:features]
    sequence = random.normal(size=(timesteps, features))
    pull = tuple(random.normal(size=(1, units)) for _ in empty(cell, units))

    def states_of(values: np.ndarray, start: State) -> list[State]:
        return list(unroll(ALL_CELLS[cell], values[None], start, w))

    def score(states: list[State]) -> float:
        return sum(float((p * s).sum()) for p, s in zip(pull, states[-1], strict=True))

    states = states_of(sequence, empty(cell, units))
    d_sequence, d_states = through_time(ALL_CELLS[cell], sequence, states, pull, w)

    way = random.normal(size=sequence.shape)
    by_differences = slope(lambda x: score(states_of(x, empty(cell, units))), sequence, way)
    assert (d_sequence * way).sum() == pytest.approx(by_differences, rel=1e-5, abs=1e-7)

    np.testing.assert_array_equal(d_states[-1], np.concatenate(pull, axis=1)[0])
    for t in range(timesteps - 1):
        memory = np.concatenate(states[t], axis=1)

        def score_from(memory: np.ndarray, t: int = t) -> float:
            start = tuple(np.split(memory, ALL_CELLS[cell].states, axis=1))
            return score(states_of(sequence[t + 1 :], start))

        way = random.normal(size=memory.shape)
        by_differences = slope(score_from, memory, way)
        assert (d_states[t] * way).sum() == pytest.approx(by_differences, rel=1e-5, abs=1e-7)


def test_a_simple_rnn_with_one_unit_by_hand():
    """h1 = tanh(2 * 0.5) and h2 = tanh(2 * 0.25 + 3 * h1); the score is h2."""
    w = {
        "rnn.kernel": np.array([[2.0]]),
        "rnn.recurrent_kernel": np.array([[3.0]]),
        "rnn.bias": np.zeros(1),
    }
    sequence = np.array([[0.5], [0.25]])
    states = list(unroll(CELLS["simple_rnn"], sequence[None], (np.zeros((1, 1)),), w))
    pull = (np.ones((1, 1)),)
    d_sequence, d_states = through_time(CELLS["simple_rnn"], sequence, states, pull, w)
    h1 = np.tanh(1.0)
    slope2 = 1 - np.tanh(0.5 + 3 * h1) ** 2
    np.testing.assert_allclose(d_states, [[3 * slope2], [1]])
    np.testing.assert_allclose(d_sequence, [[2 * (1 - h1**2) * 3 * slope2], [2 * slope2]])


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
        start = empty(config.cell, config.units)
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
