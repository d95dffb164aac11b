"""The equations of the recurrent cells and of their gradients, one timestep each.

A cell is given what the inputs of a timestep make, `given`, and what its hidden state before makes,
`recalled`: products with the kernel and with the recurrent kernel, (n, gates * units) each. Its
states are (n, units), the hidden state first. On the way back, `kept` spares it from computing the
gates again. The numbers are those of Keras's layers with its own settings.
"""

from collections.abc import Callable
from typing import NamedTuple

import keras
import tensorflow as tf

States = tuple[tf.Tensor, ...]


class Cell(NamedTuple):
    """How many states a cell has, how many arrays it keeps, and its equations.

    forward: given, recalled, the states before -> the states after, and what to keep.
    backward: kept, the states before and after, the gradients of those after -> the gradients of
    `given` and of `recalled`, in one array where they are the same, and the gradients of the states
    before, without the way through `recalled`.
    """

    states: int
    kept: int
    products: int
    forward: Callable[[tf.Tensor, tf.Tensor, States], tuple[States, States]]
    backward: Callable[[States, States, States, States], tuple[States, States]]


def _simple_rnn(given: tf.Tensor, recalled: tf.Tensor, _: States) -> tuple[States, States]:
    return (tf.tanh(given + recalled),), ()


def _simple_rnn_backward(
    _: States, before: States, after: States, ahead: States
) -> tuple[States, States]:
    d_sum = ahead[0] * (1 - after[0] ** 2)
    return (d_sum,), (tf.zeros_like(before[0]),)


# The gates below take one tanh of all at once, as sigmoid(x) = (1 + tanh(x / 2)) / 2: a function
# each of a slice of its own is slower in XLA.
def _lstm(given: tf.Tensor, recalled: tf.Tensor, before: States) -> tuple[States, States]:
    """S. Hochreiter and J. Schmidhuber, Long short-term memory, 1997, with a forget gate."""
    halved = tf.repeat(tf.constant([0.5, 0.5, 1, 0.5]), before[0].shape[1])
    write, keep, new, show = tf.split(tf.tanh(halved * (given + recalled)), 4, -1)
    write, keep, show = (1 + write) / 2, (1 + keep) / 2, (1 + show) / 2
    memory = keep * before[1] + write * new
    shown = tf.tanh(memory)
    return (show * shown, memory), (write, keep, new, show, shown)


def _lstm_backward(kept: States, before: States, _: States, ahead: States) -> tuple[States, States]:
    write, keep, new, show, shown = kept
    d_hidden, d_memory = ahead
    d_memory += d_hidden * show * (1 - shown**2)
    d_sum = tf.concat(
        [
            d_memory * new * write * (1 - write),
            d_memory * before[1] * keep * (1 - keep),
            d_memory * write * (1 - new**2),
            d_hidden * shown * show * (1 - show),
        ],
        -1,
    )
    return (d_sum,), (tf.zeros_like(d_hidden), d_memory * keep)


def _gru(given: tf.Tensor, recalled: tf.Tensor, before: States) -> tuple[States, States]:
    """K. Cho et al., Learning phrase representations using RNN encoder-decoder, 2014.

    The reset gate acts on what is recalled, after its product with the recurrent kernel.
    """
    units = before[0].shape[1]
    gates_given, new_given = tf.split(given, [2 * units, units], -1)
    gates_recalled, new_recalled = tf.split(recalled, [2 * units, units], -1)
    keep, reset = tf.split((1 + tf.tanh((gates_given + gates_recalled) / 2)) / 2, 2, -1)
    new = tf.tanh(new_given + reset * new_recalled)
    return (keep * before[0] + (1 - keep) * new,), (keep, reset, new, new_recalled)


def _gru_backward(kept: States, before: States, _: States, ahead: States) -> tuple[States, States]:
    keep, reset, new, new_recalled = kept
    d_keep = ahead[0] * (before[0] - new) * keep * (1 - keep)
    d_new = ahead[0] * (1 - keep) * (1 - new**2)
    d_reset = d_new * new_recalled * reset * (1 - reset)
    d_given = tf.concat([d_keep, d_reset, d_new], -1)
    d_recalled = tf.concat([d_keep, d_reset, d_new * reset], -1)
    return (d_given, d_recalled), (ahead[0] * keep,)


CELLS = {
    keras.layers.SimpleRNN: Cell(1, 0, 1, _simple_rnn, _simple_rnn_backward),
    keras.layers.LSTM: Cell(2, 5, 1, _lstm, _lstm_backward),
    keras.layers.GRU: Cell(1, 4, 2, _gru, _gru_backward),
}
