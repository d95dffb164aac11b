"""The compiled recurrent layers beside Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mnist_rnn.network.cells import CELLS
from mnist_rnn.training.recurrence import hidden_states, written_out


@pytest.mark.parametrize("timesteps", [1, 28, 56])
@pytest.mark.parametrize("kind", [keras.layers.SimpleRNN, keras.layers.GRU, keras.layers.LSTM])
def test_hidden_states_and_all_gradients_are_those_of_keras(kind: type, timesteps: int) -> None:
    random = np.random.default_rng(3)

    def numbers(*shape: int) -> np.ndarray:
        return random.normal(0, 0.5, shape).astype(np.float32)

    layer = kind(7, return_sequences=True)
    sequence = tf.constant(numbers(5, timesteps, 3))
    layer.build(sequence.shape)
    layer.set_weights([numbers(*weight.shape) for weight in layer.get_weights()])
    ahead = numbers(5, timesteps, 7)

    @tf.function
    def read(how) -> list[tf.Tensor]:
        sources = [sequence, *(weight.value for weight in layer.trainable_variables)]
        with tf.GradientTape() as tape:
            tape.watch(sources)
            hidden = how(sequence)
        return [hidden, *tape.gradient(hidden, sources, ahead)]

    expected = read(layer)
    for ours in (
        read(lambda given: tf.transpose(hidden_states(layer, given), (1, 0, 2))),
        read(lambda given: tf.stack(written_out(layer, given), 1)),
    ):
        for mine, theirs in zip(ours, expected, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-4)

    ahead = ahead[:, -1]
    ours = read(lambda given: hidden_states(layer, given, only_last=True))
    for mine, theirs in zip(ours, read(lambda given: layer(given)[:, -1]), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_says_the_same_in_tensorflow_as_in_numpy(name: str) -> None:
    cell, gates = CELLS[name], {"simple_rnn": 1, "gru": 3, "lstm": 4}[name]
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
