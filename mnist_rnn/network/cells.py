"""The recurrent cells: for each the equation of one timestep and, below it, its gradient.

Each is written once, for NumPy and for TensorFlow: `xp` is the one module or the other, and only
what is the same in both is used of it. Every array is (n, units), but

    from_x = x W + b    what the input makes, (n, gates * units), a block of units for each gate
    from_h = h U        what the hidden state before makes, in the same blocks; a GRU adds a bias

A step takes the state `before` it, (h,) or for an LSTM (h, c), to the state `after` it, and keeps
what its gates said. A gradient goes back through the step above it by the chain rule: from d_after,
the gradient of a score with respect to the state after the step, to those with respect to from_x,
to from_h and to the state before, the last without its way through from_h. The slope of t = tanh(x)
is 1 - t^2, that of s = sigmoid(x) is s (1 - s).

The numbers are those of the Keras layers of the same names.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from mnist_rnn.config import ModelConfig
from mnist_rnn.network.weights import LARGEST_WEIGHT, Tensors

Array = Any  # Of NumPy or of TensorFlow: this module knows the first only.
State = tuple[Array, ...]
Kept = tuple[Array, ...]


def simple_rnn(
    xp: ModuleType, from_x: Array, from_h: Array, before: State, *, activation: str
) -> tuple[State, Kept]:
    """h' = tanh(x W + b + h U), or another activation of the sum.

    J. L. Elman, Finding structure in time, 1990.
    """
    h = ACTIVATIONS[activation].value(xp, from_x + from_h)
    return (h,), ()


def simple_rnn_gradient(
    xp: ModuleType, before: State, kept: Kept, after: State, d_after: State, *, activation: str
) -> tuple[Array, Array, State]:
    """Through the activation: h' comes from nothing but the sum."""
    (h,), (d_h,) = after, d_after
    d_sum = d_h * ACTIVATIONS[activation].slope(xp, h)
    return d_sum, d_sum, (0.0,)


def gru(xp: ModuleType, from_x: Array, from_h: Array, before: State) -> tuple[State, Kept]:
    """h' = update h + (1 - update) new, where new = tanh(x W + b + reset (h U + b')).

    K. Cho et al., Learning phrase representations using RNN encoder-decoder, 2014; the reset gate
    acts after the product with U, as in cuDNN.
    """
    (h,) = before
    update, reset, _ = xp.split(sigmoid(xp, from_x + from_h), 3, -1)
    _, _, x_new = xp.split(from_x, 3, -1)
    _, _, h_new = xp.split(from_h, 3, -1)
    new = xp.tanh(x_new + reset * h_new)
    h = update * h + (1 - update) * new
    return (h,), (update, reset, new, h_new)


def gru_gradient(
    xp: ModuleType, before: State, kept: Kept, after: State, d_after: State
) -> tuple[Array, Array, State]:
    """Through h' to the update gate and the new content, and through that to the reset gate."""
    (h,), (d_h,) = before, d_after
    update, reset, new, h_new = kept
    d_update = d_h * (h - new) * update * (1 - update)
    d_new = d_h * (1 - update) * (1 - new**2)
    d_reset = d_new * h_new * reset * (1 - reset)
    d_from_x = xp.concat([d_update, d_reset, d_new], -1)
    d_from_h = xp.concat([d_update, d_reset, d_new * reset], -1)
    return d_from_x, d_from_h, (d_h * update,)


def lstm(xp: ModuleType, from_x: Array, from_h: Array, before: State) -> tuple[State, Kept]:
    """c' = forget c + input new, and h' = output tanh(c').

    S. Hochreiter and J. Schmidhuber, Long short-term memory, 1997, with the forget gate of F. Gers,
    J. Schmidhuber and F. Cummins, Learning to forget, 2000.
    """
    _, c = before
    # By one tanh for the sigmoids too (see `sigmoid`): XLA is slower with one a gate.
    scales = np.repeat(np.array([0.5, 0.5, 1, 0.5], np.float32), c.shape[-1])
    gates = xp.split(xp.tanh((from_x + from_h) * scales), 4, -1)
    input_gate, forget_gate, output_gate = ((1 + gates[n]) / 2 for n in (0, 1, 3))
    new = gates[2]
    c = forget_gate * c + input_gate * new
    shown = xp.tanh(c)
    h = output_gate * shown
    return (h, c), (input_gate, forget_gate, new, output_gate, shown)


def lstm_gradient(
    xp: ModuleType, before: State, kept: Kept, after: State, d_after: State
) -> tuple[Array, Array, State]:
    """Through h' to the output gate and to c', and through c' to the rest."""
    (_, c), (d_h, d_c) = before, d_after
    input_gate, forget_gate, new, output_gate, shown = kept
    d_c = d_c + d_h * output_gate * (1 - shown**2)
    d_input = d_c * new * input_gate * (1 - input_gate)
    d_forget = d_c * c * forget_gate * (1 - forget_gate)
    d_new = d_c * input_gate * (1 - new**2)
    d_output = d_h * shown * output_gate * (1 - output_gate)
    d_sum = xp.concat([d_input, d_forget, d_new, d_output], -1)
    return d_sum, d_sum, (0.0, d_c * forget_gate)


def sigmoid(xp: ModuleType, x: Array) -> Array:
    """1 / (1 + exp(-x)), written with tanh so that large negative x cannot overflow."""
    return (1 + xp.tanh(x / 2)) / 2


class Activation(NamedTuple):
    """A function of a sum, and its slope by the value that it gives."""

    value: Callable[[ModuleType, Array], Array]
    slope: Callable[[ModuleType, Array], Array]
    bounded: bool = True


ACTIVATIONS = {
    "tanh": Activation(lambda xp, x: xp.tanh(x), lambda xp, h: 1 - h**2),
    "relu": Activation(lambda xp, x: xp.maximum(x, 0), lambda xp, h: xp.sign(h), bounded=False),
    "sigmoid": Activation(sigmoid, lambda xp, h: h * (1 - h)),
    "linear": Activation(lambda xp, x: x, lambda xp, h: 1, bounded=False),
}


class Cell(NamedTuple):
    """The equations of a cell and what they are about.

    states: how many arrays its state has, the hidden state first.
    kept: the names of what a step keeps: the gates, and what else the gradient asks for.
    biases: 2 if what the hidden state makes has a bias of its own. If not, the step asks for the
        sum from_x + from_h alone, and the gradients of the two are the same.
    bounded: whether its hidden state stays between -1 and 1.
    """

    step: Callable[[ModuleType, Array, Array, State], tuple[State, Kept]]
    gradient: Callable[[ModuleType, State, Kept, State, State], tuple[Array, Array, State]]
    states: int
    kept: tuple[str, ...]
    biases: int = 1
    bounded: bool = True

    def empty(self, *shape: int) -> State:
        """The state before the first timestep, an empty memory: zeros."""
        return (np.zeros(shape, np.float32),) * self.states


SIMPLE_RNNS = {
    name: Cell(
        partial(simple_rnn, activation=name),
        partial(simple_rnn_gradient, activation=name),
        1,
        (),
        bounded=activation.bounded,
    )
    for name, activation in ACTIVATIONS.items()
}
CELLS = {
    "simple_rnn": SIMPLE_RNNS["tanh"],
    "gru": Cell(gru, gru_gradient, 1, ("update", "reset", "new", "h_new"), biases=2),
    "lstm": Cell(lstm, lstm_gradient, 2, ("input", "forget", "new", "output", "tanh_c")),
}


def cell_of(config: ModelConfig) -> Cell:
    """The cell of a network, with its activation."""
    simple = config.cell == "simple_rnn"
    return SIMPLE_RNNS[config.rnn_activation] if simple else CELLS[config.cell]


def reach(cell: Cell, hidden: np.ndarray) -> float:
    """How far from 0 the values of hidden states go: 1, or without bounds as far as they do."""
    return 1.0 if cell.bounded else max(1.0, float(np.abs(hidden).max()))


def step(cell: Cell, x: np.ndarray, before: State, w: Tensors) -> tuple[State, Kept]:
    """One timestep in NumPy: the state after x (n, features), and what was kept, by `cell.kept`."""
    bias, *bias_of_h = w["rnn.bias"] if cell.biases == 2 else (w["rnn.bias"],)
    from_x = x @ w["rnn.kernel"] + bias
    from_h = sum(bias_of_h, start=before[0] @ w["rnn.recurrent_kernel"])
    after, kept = cell.step(np, from_x, from_h, before)
    return after if cell.bounded else _finite(after), kept


def _finite(state: State) -> State:
    """What has no bounds may double at every timestep: here it ends where weights do."""
    return tuple(np.clip(array, -LARGEST_WEIGHT, LARGEST_WEIGHT) for array in state)


def unroll(cell: Cell, sequence: np.ndarray, state: State, w: Tensors) -> Iterator[State]:
    """The state after each timestep of n sequences (n, timesteps, features), from `state` on."""
    for t in range(sequence.shape[1]):
        state = step(cell, sequence[:, t], state, w)[0]
        yield state


def through_time(
    cell: Cell, sequence: np.ndarray, states: Sequence[State], gradient: State, w: Tensors
) -> tuple[np.ndarray, np.ndarray]:
    """The gradients of a score of the last state, with respect to all that came before it.

    P. J. Werbos, Backpropagation through time: what it does and how to do it, 1990.

    sequence: (timesteps, features), read from an empty memory.
    states: the state after each timestep, arrays of (1, units).
    gradient: of the score with respect to the last of them.
    Returns d score / d sequence, (timesteps, features), and d score / d state after each
    timestep, (timesteps, units) or for an LSTM (timesteps, 2 units): hidden state, cell state.
    """
    befores = [cell.empty(*states[0][0].shape), *states[:-1]]
    d_sequence = np.empty_like(sequence)
    d_states = []
    for t in reversed(range(len(sequence))):
        d_states.append(np.concat(gradient, -1)[0])
        _, kept = step(cell, sequence[t : t + 1], befores[t], w)
        d_from_x, d_from_h, (d_h, *others) = cell.gradient(
            np, befores[t], kept, states[t], gradient
        )
        d_sequence[t] = (d_from_x @ w["rnn.kernel"].T)[0]
        gradient = (d_h + d_from_h @ w["rnn.recurrent_kernel"].T, *others)
        if not cell.bounded:
            gradient = _finite(gradient)
    return d_sequence, np.stack(d_states[::-1])
