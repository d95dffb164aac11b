"""The compiled recurrent layers beside Keras's own."""

import numpy as np
import pytest
import tensorflow as tf
from keras.layers import GRU, LSTM, SimpleRNN

from mnist_rnn.training.recurrence import dropout_masks, hidden_states, written_out


@pytest.mark.parametrize("timesteps", [1, 28, 56])
@pytest.mark.parametrize(
    ("kind", "activation", "drops"),
    [
        (SimpleRNN, "tanh", False),
        (GRU, "tanh", False),
        (LSTM, "tanh", False),
        (SimpleRNN, "relu", False),
        (SimpleRNN, "sigmoid", False),
        (SimpleRNN, "linear", False),
        (SimpleRNN, "tanh", True),
        (SimpleRNN, "relu", True),
    ],
)
def test_hidden_states_and_all_gradients_are_those_of_keras(
    kind: type, activation: str, drops: bool, timesteps: int
) -> None:
    random = np.random.default_rng(3)

    def numbers(*shape: int) -> np.ndarray:
        return random.normal(0, 0.3, shape).astype(np.float32)

    rates = {"dropout": 0.3, "recurrent_dropout": 0.5} if drops else {}
    layer = kind(7, activation, return_sequences=True, seed=4, **rates)
    sequence = tf.constant(numbers(5, timesteps, 3))
    layer.build(sequence.shape)
    layer.set_weights([numbers(*weight.shape) for weight in layer.get_weights()])
    ahead = numbers(5, timesteps, 7)
    masks = dropout_masks(layer, 5, 9)
    seen, *passed_on = masks or (1,)
    if drops:  # Keras is to drop the same numbers.
        layer.cell.get_dropout_mask = lambda _: seen
        layer.cell.get_recurrent_dropout_mask = lambda _: passed_on[0]
    read_masked = (lambda given: given * seen[:, None]) if drops else (lambda given: given)

    @tf.function
    def read(how) -> list[tf.Tensor]:
        sources = [sequence, *(weight.value for weight in layer.trainable_variables)]
        with tf.GradientTape() as tape:
            tape.watch(sources)
            hidden = how(sequence)
        return [hidden, *tape.gradient(hidden, sources, ahead)]

    expected = read(lambda given: layer(given, training=True))
    for ours in (
        read(lambda x: tf.transpose(hidden_states(layer, read_masked(x), *passed_on), (1, 0, 2))),
        read(lambda x: tf.stack(written_out(layer, read_masked(x), *passed_on), 1)),
    ):
        for mine, theirs in zip(ours, expected, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-4)

    ahead = ahead[:, -1]
    ours = read(lambda x: hidden_states(layer, read_masked(x), *passed_on, only_last=True))
    last = read(lambda given: layer(given, training=True)[:, -1])
    for mine, theirs in zip(ours, last, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-4)


def test_dropout_drops_its_share_other_numbers_at_each_step_and_keeps_the_mean() -> None:
    layer = SimpleRNN(50, dropout=0.2, recurrent_dropout=0.6, seed=2**32 - 1)
    layer.build((None, 28, 28))
    for rate, *masks in zip(
        (0.2, 0.6), *(dropout_masks(layer, 400, step) for step in (0, 0, 1)), strict=True
    ):
        first, again, later = map(np.asarray, masks)
        assert set(np.unique(first)) == {0, np.float32(1 / (1 - rate))}
        assert (first == 0).mean() == pytest.approx(rate, abs=0.02)
        np.testing.assert_array_equal(first, again)
        both = ((first == 0) & (later == 0)).mean()  # as independent ones would
        assert both == pytest.approx(rate**2, abs=0.02)
