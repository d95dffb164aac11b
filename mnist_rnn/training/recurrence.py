"""A recurrent layer over whole sequences, compiled: what the engine reads and learns with.

Step by step, a recurrent layer multiplies small matrices only. But a timestep waits for the one
before it in one product alone, that of the hidden state with the recurrent weights. Here the rest
is done for all timesteps at once: the product with the inputs before the loop, and, on the way back
through time, the gradients of all weights after it (P. Werbos, Backpropagation through time: what
it does and how to do it, 1990). The equations of a timestep are those of `network/cells.py`.
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from mnist_rnn.network.cells import CELLS, SIMPLE_RNNS, Cell, Kept, State
from mnist_rnn.training.models import RECURRENT

_CELLS = {RECURRENT[name]: cell for name, cell in CELLS.items()}
Arrays = tuple[tf.TensorArray, ...]


def hidden_states(
    layer: keras.layers.RNN, sequence: tf.Tensor, *masks: tf.Tensor, only_last: bool = False
) -> tf.Tensor:
    """The hidden state after each timestep, (timesteps, n, units), of (n, timesteps, features).

    With `only_last`, the one after the last timestep, (n, units). The numbers are those of the
    layer itself, a SimpleRNN with any activation, or a GRU or LSTM with Keras's own settings.
    A mask (n, units), for a SimpleRNN, multiplies the hidden state on its way to the next timestep:
    that of dropout.
    """
    from_x, recurrent, bias_of_h = _products(layer, tf.transpose(sequence, (1, 0, 2)))
    read = _through_time(_cell_of(layer), only_last=only_last)
    return read(from_x, recurrent, *bias_of_h, *masks)


def written_out(layer: keras.layers.RNN, sequence: tf.Tensor, *masks: tf.Tensor) -> list[tf.Tensor]:
    """As `hidden_states`, in a list, without a loop: faster if XLA compiles all of it at once."""
    cell = _cell_of(layer)
    from_x, recurrent, bias_of_h = _products(layer, sequence)
    state = (tf.zeros((len(sequence), layer.units)),) * cell.states
    hidden = []
    for from_x_now in tf.unstack(from_x, axis=1):
        from_h = sum(bias_of_h, start=_masked(state[0], masks) @ recurrent)
        state, _ = cell.step(tf, from_x_now, from_h, state)
        hidden.append(state[0])
    return hidden


def dropout_masks(
    layer: keras.layers.RNN, count: int, step: tf.Tensor | int
) -> tuple[tf.Tensor, ...]:
    """What dropout multiplies with in a step of a training; nothing at all if there is none.

    One mask for the input, (n, features), and one for the hidden state, (n, units): 0 for a share
    of the numbers, as the layer says, and as much more for the others. The same `step` and the same
    seed of the layer give the same masks.
    """
    cell = layer.cell
    if not (cell.dropout or cell.recurrent_dropout):
        return ()
    seed = np.array(cell.seed).astype(np.uint32).view(np.int32)
    wide = ((cell.kernel.shape[0], cell.dropout), (cell.units, cell.recurrent_dropout))
    masks = []
    for place, (width, rate) in enumerate(wide):
        random = tf.random.stateless_uniform((count, width), tf.stack([seed ^ place, step]))
        masks.append(tf.cast(random >= rate, tf.float32) / (1 - rate))
    return tuple(masks)


def _cell_of(layer: keras.layers.RNN) -> Cell:
    if isinstance(layer, keras.layers.SimpleRNN):
        return SIMPLE_RNNS[layer.activation.__name__]
    return _CELLS[type(layer)]


def _products(
    layer: keras.layers.RNN, sequence: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
    """`from_x` at all timesteps, the recurrent weights, and, of a GRU, the bias in `from_h`.

    In one product of two matrices: TensorFlow would take one for each entry of the first axis.
    """
    weights = layer.cell
    bias, *bias_of_h = tf.unstack(tf.reshape(weights.bias, (-1, weights.bias.shape[-1])))
    *shape, features = sequence.shape
    from_x = tf.reshape(sequence, (-1, features)) @ weights.kernel + bias
    recurrent = tf.convert_to_tensor(weights.recurrent_kernel)
    return tf.reshape(from_x, (*shape, len(bias))), recurrent, bias_of_h


def _through_time(cell: Cell, *, only_last: bool) -> Callable[..., tf.Tensor]:
    """The loop of a cell over time, with its gradient.

    It is given from_x, the recurrent weights, a GRU's bias, and last, with dropout, its mask.
    """
    biases = cell.biases - 1

    def forward(from_x: tf.Tensor, recurrent: tf.Tensor, *more: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Its states after each timestep and what it kept, (timesteps, n, units) each."""
        timesteps, count, _ = from_x.shape
        start = (tf.zeros((count, len(recurrent))),) * cell.states
        bias, masks = more[:biases], more[biases:]

        def step(t: tf.Tensor, before: State, arrays: Arrays) -> tuple[tf.Tensor, State, Arrays]:
            from_h = sum(bias, start=_masked(before[0], masks) @ recurrent)
            after, kept = cell.step(tf, from_x[t], from_h, before)
            return t + 1, after, _written(arrays, t, (*after, *kept))

        arrays = _arrays(timesteps, cell.states + len(cell.kept))
        return _loop(lambda t, *_: t < timesteps, step, (0, start, arrays))

    def backward(
        recurrent: tf.Tensor,
        masks: tuple[tf.Tensor, ...],
        after: State,
        kept: Kept,
        ahead: tf.Tensor,
    ) -> tuple[tf.Tensor, ...]:
        """The gradients of from_x, recurrent weights and bias, from those of what was returned."""
        timesteps, count, units = after[0].shape
        nothing = tf.zeros((count, units))
        before = tuple(tf.concat([nothing[None], state[:-1]], 0) for state in after)

        def step(t: tf.Tensor, later: State, arrays: Arrays) -> tuple[tf.Tensor, State, Arrays]:
            d_after = later if only_last else (later[0] + ahead[t], *later[1:])
            d_from_x, d_from_h, (d_h, *others) = cell.gradient(
                tf, _at(t, before), _at(t, kept), _at(t, after), d_after
            )
            d_h = d_h + _masked(tf.matmul(d_from_h, recurrent, transpose_b=True), masks)
            written = _written(arrays, t, (d_from_x, d_from_h)[: cell.biases])
            return t - 1, (d_h, *others), written

        start = (ahead if only_last else nothing, *(nothing,) * (cell.states - 1))
        arrays = _arrays(timesteps, cell.biases)
        d_products = _loop(lambda t, *_: t >= 0, step, (timesteps - 1, start, arrays))
        d_from_x, d_from_h = d_products[0], d_products[-1]
        d_recurrent = tf.tensordot(_masked(before[0], masks), d_from_h, ((0, 1), (0, 1)))
        d_bias = (tf.reduce_sum(d_from_h, (0, 1)),) * biases
        return d_from_x, d_recurrent, *d_bias

    read, learn = (tf.function(loop, jit_compile=True) for loop in (forward, backward))

    def through_time(
        from_x: tf.Tensor, recurrent: tf.Tensor, *more: tf.Tensor
    ) -> tuple[tf.Tensor, Callable[[tf.Tensor], tuple[tf.Tensor | None, ...]]]:
        arrays = tuple(read(from_x, recurrent, *more))
        after, kept = arrays[: cell.states], arrays[cell.states :]
        masks = more[biases:]

        def gradient(ahead: tf.Tensor) -> tuple[tf.Tensor | None, ...]:
            return *learn(recurrent, masks, after, kept, ahead), *(None for _ in masks)

        return after[0][-1] if only_last else after[0], gradient

    return tf.custom_gradient(through_time)


def _masked(hidden: tf.Tensor, masks: tuple[tf.Tensor, ...]) -> tf.Tensor:
    return hidden * masks[0] if masks else hidden


def _loop(
    on: Callable[..., tf.Tensor],
    step: Callable[..., tuple[tf.Tensor, State, Arrays]],
    start: tuple[int, State, Arrays],
) -> tuple[tf.Tensor, ...]:
    """What the loop has written into its arrays, its last variables."""
    *_, arrays = tf.while_loop(on, step, start)
    return tuple(array.stack() for array in arrays)


def _at(t: tf.Tensor, arrays: State | Kept) -> State | Kept:
    return tuple(array[t] for array in arrays)


def _arrays(timesteps: int, count: int) -> Arrays:
    return tuple(tf.TensorArray(tf.float32, timesteps) for _ in range(count))


def _written(arrays: Arrays, t: tf.Tensor, values: tuple[tf.Tensor, ...]) -> Arrays:
    return tuple(array.write(t, value) for array, value in zip(arrays, values, strict=True))
