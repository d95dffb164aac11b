"""Backpropagation through time, one step backwards for each cell of `reader.CELLS`.

P. J. Werbos, Backpropagation through time: what it does and how to do it, 1990. Each function is
the derivative of the step of the same name in `reader.py`, by the chain rule: it takes that
step's x and the states before and after it, and turns the gradient of a score with respect to
the state after the step into those with respect to x and to the state before it.
"""

from collections.abc import Callable, Sequence

import numpy as np

from mnist_rnn.network.reader import State, sigmoid
from mnist_rnn.network.weights import Tensors

StepBack = Callable[[np.ndarray, State, State, State, Tensors], tuple[np.ndarray, State]]


def simple_rnn_back(
    x: np.ndarray, before: State, after: State, gradient: State, w: Tensors
) -> tuple[np.ndarray, State]:
    """Through h' = tanh(x W + b + h U); the slope of tanh is 1 - tanh^2."""
    (h,), (d_h,) = after, gradient
    d_sum = d_h * (1 - h**2)
    return d_sum @ w["rnn.kernel"].T, (d_sum @ w["rnn.recurrent_kernel"].T,)


def gru_back(
    x: np.ndarray, before: State, after: State, gradient: State, w: Tensors
) -> tuple[np.ndarray, State]:
    """Through h' = u h + (1 - u) n with n = tanh(x_new + r h_new) and gates u and r."""
    (h,), (d_h,) = before, gradient
    x_update, x_reset, x_new = np.split(x @ w["rnn.kernel"] + w["rnn.bias"][0], 3, axis=-1)
    h_update, h_reset, h_new = np.split(h @ w["rnn.recurrent_kernel"] + w["rnn.bias"][1], 3, -1)
    update = sigmoid(x_update + h_update)
    reset = sigmoid(x_reset + h_reset)
    new = np.tanh(x_new + reset * h_new)
    d_update = d_h * (h - new) * update * (1 - update)
    d_new = d_h * (1 - update) * (1 - new**2)
    d_reset = d_new * h_new * reset * (1 - reset)
    d_x_sums = np.concatenate([d_update, d_reset, d_new], axis=-1)
    d_h_sums = np.concatenate([d_update, d_reset, d_new * reset], axis=-1)
    return d_x_sums @ w["rnn.kernel"].T, (d_h * update + d_h_sums @ w["rnn.recurrent_kernel"].T,)


def lstm_back(
    x: np.ndarray, before: State, after: State, gradient: State, w: Tensors
) -> tuple[np.ndarray, State]:
    """Through c' = keep c + write new and h' = show tanh(c')."""
    (h, c), (_, c_after), (d_h, d_c) = before, after, gradient
    sums = x @ w["rnn.kernel"] + w["rnn.bias"] + h @ w["rnn.recurrent_kernel"]
    write, keep, new, show = np.split(sums, 4, axis=-1)
    write, keep, new, show = sigmoid(write), sigmoid(keep), np.tanh(new), sigmoid(show)
    shown = np.tanh(c_after)
    d_c = d_c + d_h * show * (1 - shown**2)
    d_sums = np.concatenate(
        [
            d_c * new * write * (1 - write),
            d_c * c * keep * (1 - keep),
            d_c * write * (1 - new**2),
            d_h * shown * show * (1 - show),
        ],
        axis=-1,
    )
    return d_sums @ w["rnn.kernel"].T, (d_sums @ w["rnn.recurrent_kernel"].T, d_c * keep)


STEPS_BACK: dict[str, StepBack] = {
    "simple_rnn": simple_rnn_back,
    "gru": gru_back,
    "lstm": lstm_back,
}


def through_time(
    cell: str, sequence: np.ndarray, states: Sequence[State], gradient: State, w: Tensors
) -> tuple[np.ndarray, np.ndarray]:
    """The gradients of a score of the last state, with respect to all that came before it.

    sequence: (timesteps, features), read from an empty memory.
    states: the state after each timestep, arrays of (1, units).
    gradient: of the score with respect to the last of them.
    Returns d score / d sequence, (timesteps, features), and d score / d state after each
    timestep, (timesteps, units) or for an LSTM (timesteps, 2 units): hidden state, cell state.
    """
    empty = tuple(np.zeros_like(array) for array in states[0])
    befores = [empty, *states[:-1]]
    d_sequence = np.empty_like(sequence)
    d_states = []
    for t in reversed(range(len(sequence))):
        d_states.append(np.concatenate(gradient, axis=-1)[0])
        d_x, gradient = STEPS_BACK[cell](sequence[t : t + 1], befores[t], states[t], gradient, w)
        d_sequence[t] = d_x[0]
    return d_sequence, np.stack(d_states[::-1])
