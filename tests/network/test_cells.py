"""Each cell's equations: steps by hand, gradients against differences, NumPy against TensorFlow."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.config import ModelConfig
from mnist_rnn.network.cells import CELLS, SIMPLE_RNNS, Kept, State, step, through_time, unroll
from tests.network.differences import float64_weights, slope

seeds = st.integers(0, 2**32 - 1)
ALL_CELLS = CELLS | SIMPLE_RNNS
cells = st.sampled_from(sorted(ALL_CELLS))


def _f32(values: object) -> np.ndarray:
    return np.array(values, np.float32)


def test_simple_rnn_step_by_hand() -> None:
    w = {
        "rnn.kernel": _f32([[1, 0], [0, 2]]),
        "rnn.recurrent_kernel": _f32([[0, 1], [1, 0]]),
        "rnn.bias": _f32([0.5, 0]),
    }
    # x W = (1, -2); + b = (1.5, -2); h U swaps h: (0.25, 0.5)
    (h,), kept = step(CELLS["simple_rnn"], _f32([[1, -1]]), (_f32([[0.5, 0.25]]),), w)
    np.testing.assert_allclose(h, np.tanh([[1.75, -1.5]]), atol=1e-6)
    assert kept == ()


def test_gru_step_by_hand() -> None:
    half = np.log(3)  # sigmoid(log 3) = 3/4
    w = {
        "rnn.kernel": _f32([[half, -half, 1]]),
        "rnn.recurrent_kernel": _f32([[0, 0, 2]]),
        "rnn.bias": _f32([[0, 0, 0], [0, 0, 4]]),
    }
    # update 3/4, reset 1/4, new = tanh(1 + 1/4 (2 * 0.5 + 4)): reset acts on the bias as well.
    (h,), kept = step(CELLS["gru"], _f32([[1]]), (_f32([[0.5]]),), w)
    np.testing.assert_allclose(h, [[0.75 * 0.5 + 0.25 * np.tanh(2.25)]], atol=1e-6)
    assert _numbers("gru", kept) == pytest.approx(
        {"update": 0.75, "reset": 0.25, "new": np.tanh(2.25), "h_new": 5}
    )


def test_lstm_step_by_hand() -> None:
    three_quarters = np.log(3)
    w = {
        "rnn.kernel": _f32([[three_quarters, 0, 1, -three_quarters]]),
        "rnn.recurrent_kernel": _f32([[0, 0, 0, 0]]),
        "rnn.bias": _f32([0, 0, 0, 0]),
    }
    (h, c), kept = step(CELLS["lstm"], _f32([[1]]), (_f32([[9]]), _f32([[0.2]])), w)
    np.testing.assert_allclose(c, [[0.1 + 0.75 * np.tanh(1)]], atol=1e-6)
    np.testing.assert_allclose(h, 0.25 * np.tanh(c), atol=1e-6)
    new, shown = np.tanh(1), np.tanh(c.item())
    assert _numbers("lstm", kept) == pytest.approx(
        {"input": 0.75, "forget": 0.5, "new": new, "output": 0.25, "tanh_c": shown}
    )


def _numbers(cell: str, kept: Kept) -> dict[str, float]:
    """What a step with one unit kept, by name."""
    return {name: array.item() for name, array in zip(CELLS[cell].kept, kept, strict=True)}


def empty(cell: str, units: int) -> State:
    return (np.zeros((1, units)),) * ALL_CELLS[cell].states


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


@pytest.mark.parametrize("name", [*CELLS, *SIMPLE_RNNS])
def test_a_cell_says_the_same_in_tensorflow_as_in_numpy(name: str) -> None:
    cell, gates = (CELLS | SIMPLE_RNNS)[name], {"gru": 3, "lstm": 4}.get(name, 1)
    random = np.random.default_rng(5)
    from_x, from_h = random.normal(size=(2, 3, gates * 7)).astype(np.float32)
    before, d_after = random.normal(size=(2, cell.states, 3, 7)).astype(np.float32)

    def everything(xp) -> list[np.ndarray]:
        after, kept = cell.step(xp, from_x, from_h, tuple(before))
        assert len(kept) == len(cell.kept)
        *d_sums, d_before = cell.gradient(xp, tuple(before), kept, after, tuple(d_after))
        return [*after, *kept, *d_sums, *d_before]

    for mine, theirs in zip(everything(np), everything(tf), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-6)
