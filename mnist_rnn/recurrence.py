"""A recurrent layer over whole sequences, compiled: what the engine reads and learns with.

Step by step, a recurrent layer multiplies small matrices only. But a timestep waits for the one
before it in one product alone, that of the hidden state with the recurrent weights. Here the rest
is done for all timesteps at once: the product with the inputs before the loop, and, on the way back
through time, the gradients of all weights after it (P. Werbos, Backpropagation through time: what
it does and how to do it, 1990).
"""

from collections.abc import Callable

import keras
import tensorflow as tf

States = tuple[tf.Tensor, ...]
Arrays = tuple[tf.TensorArray, ...]
# What a cell makes of its inputs times the kernel, of its hidden state times the recurrent
# kernel, both (n, gates * units), and of its states (n, units): its next states, the hidden
# state first.
Gates = Callable[[tf.Tensor, tf.Tensor, States], States]


def hidden_states(layer: keras.layers.RNN, sequence: tf.Tensor) -> tf.Tensor:
    """The hidden state after each timestep, (timesteps, n, units), of (n, timesteps, features).

    The numbers are those of the layer itself, a SimpleRNN, GRU or LSTM with Keras's own settings.
    """
    cell = layer.cell
    gates, states = _CELLS[type(layer)]
    # A GRU has a second bias, for what it recalls.
    given_bias, *recalled_bias = tf.unstack(tf.reshape(cell.bias, (-1, cell.bias.shape[-1])))
    bias = recalled_bias[0] if recalled_bias else tf.zeros_like(given_bias)
    given = tf.transpose(sequence, (1, 0, 2)) @ cell.kernel + given_bias
    return _through_time(gates, states)(given, tf.convert_to_tensor(cell.recurrent_kernel), bias)


def _simple_rnn(given: tf.Tensor, recalled: tf.Tensor, _: States) -> States:
    return (tf.tanh(given + recalled),)


# The gates below take one tanh of all at once, as sigmoid(x) = (1 + tanh(x / 2)) / 2: a function
# each of a slice of its own is three times slower in XLA.
def _lstm(given: tf.Tensor, recalled: tf.Tensor, states: States) -> States:
    units = states[0].shape[1]
    halved = tf.repeat(tf.constant([0.5, 0.5, 1, 0.5]), units)
    write, keep, new, show = tf.split(tf.tanh(halved * (given + recalled)), 4, -1)
    memory = (1 + keep) / 2 * states[1] + (1 + write) / 2 * new
    return (1 + show) / 2 * tf.tanh(memory), memory


def _gru(given: tf.Tensor, recalled: tf.Tensor, states: States) -> States:
    units = states[0].shape[1]
    gates_given, new_given = tf.split(given, [2 * units, units], -1)
    gates_recalled, new_recalled = tf.split(recalled, [2 * units, units], -1)
    keep, reset = tf.split((1 + tf.tanh((gates_given + gates_recalled) / 2)) / 2, 2, -1)
    new = tf.tanh(new_given + reset * new_recalled)
    return (keep * states[0] + (1 - keep) * new,)


_CELLS: dict[type, tuple[Gates, int]] = {
    keras.layers.SimpleRNN: (_simple_rnn, 1),
    keras.layers.GRU: (_gru, 1),
    keras.layers.LSTM: (_lstm, 2),
}


def _through_time(gates: Gates, states: int) -> Callable[..., tf.Tensor]:
    """The loop over time of a cell with that many states, with its gradient."""

    def forward(given: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """What it recalled and its states at each timestep, (timesteps, n, ...) each."""
        timesteps = given.shape[0]
        start = tf.zeros((given.shape[1], recurrent.shape[0]))
        arrays = tuple(tf.TensorArray(tf.float32, timesteps) for _ in range(1 + states))

        def step(t: tf.Tensor, now: States, arrays: Arrays) -> tuple[tf.Tensor, States, Arrays]:
            recalled = now[0] @ recurrent + bias
            now = gates(given[t], recalled, now)
            return t + 1, now, _written(arrays, t, (recalled, *now))

        return _loop(lambda t, *_: t < timesteps, step, (0, (start,) * states, arrays))

    def backward(
        given: tf.Tensor,
        recurrent: tf.Tensor,
        recalled: tf.Tensor,
        before: States,
        ahead: tf.Tensor,
    ) -> tuple[tf.Tensor, ...]:
        """The gradients of `given` and `recalled`, from that of each hidden state."""
        timesteps = given.shape[0]
        start = tf.zeros_like(before[0][0])
        arrays = tuple(tf.TensorArray(tf.float32, timesteps) for _ in range(2))

        def step(t: tf.Tensor, later: States, arrays: Arrays) -> tuple[tf.Tensor, States, Arrays]:
            with tf.GradientTape() as tape:
                sources = (given[t], recalled[t], tuple(state[t] for state in before))
                tape.watch(sources)
                after = gates(*sources)
            d_given, d_recalled, d_states = tape.gradient(
                after,
                sources,
                (ahead[t] + later[0], *later[1:]),
                unconnected_gradients=tf.UnconnectedGradients.ZERO,
            )
            hidden = d_states[0] + tf.matmul(d_recalled, recurrent, transpose_b=True)
            return t - 1, (hidden, *d_states[1:]), _written(arrays, t, (d_given, d_recalled))

        return _loop(lambda t, *_: t >= 0, step, (timesteps - 1, (start,) * states, arrays))

    read, learn = (tf.function(loop, jit_compile=True) for loop in (forward, backward))

    def through_time(
        given: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor
    ) -> tuple[tf.Tensor, Callable[[tf.Tensor], tuple[tf.Tensor, ...]]]:
        recalled, *after = read(given, recurrent, bias)

        def gradient(ahead: tf.Tensor) -> tuple[tf.Tensor, ...]:
            before = tuple(tf.pad(state[:-1], ((1, 0), (0, 0), (0, 0))) for state in after)
            d_given, d_recalled = learn(given, recurrent, recalled, before, ahead)
            d_recurrent = tf.tensordot(before[0], d_recalled, ((0, 1), (0, 1)))
            return d_given, d_recurrent, tf.reduce_sum(d_recalled, (0, 1))

        return after[0], gradient

    return tf.custom_gradient(through_time)


def _loop(
    on: Callable[..., tf.Tensor],
    step: Callable[..., tuple[tf.Tensor, States, Arrays]],
    start: tuple[int, States, Arrays],
) -> tuple[tf.Tensor, ...]:
    """What the loop has written into its arrays, its last variables."""
    *_, arrays = tf.while_loop(on, step, start)
    return tuple(array.stack() for array in arrays)


def _written(arrays: Arrays, t: tf.Tensor, values: tuple[tf.Tensor, ...]) -> Arrays:
    return tuple(array.write(t, value) for array, value in zip(arrays, values, strict=True))
