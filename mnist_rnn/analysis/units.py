"""What hidden units stand for, and where their values come from."""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.analysis.memories import remember
from mnist_rnn.config import ROWS
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.network.cells import ACTIVATIONS, CELLS, step
from mnist_rnn.network.reader import Reader, Trace
from mnist_rnn.network.weights import Tensors

_BLOCK = 500


def order_by_vote(head_kernel: np.ndarray) -> np.ndarray:
    """Hidden units grouped by the class that each votes for most, strongest vote first.

    head_kernel: (units, 10). Returns a permutation of the units, (units,): it depends on the
    weights alone, so units stay where they are while a drawing is edited.
    """
    favourite = head_kernel.argmax(1)
    strength = head_kernel.max(1)
    return np.lexsort((-strength, favourite))


def strongest_voter(trace: Trace, head_kernel: np.ndarray) -> int:
    """The unit whose value times its weight, head_kernel (units, 10), adds most to the answer."""
    return int((trace.hidden[-1] * head_kernel[:, trace.answers[-1]]).argmax())


def writing_weights(reader: Reader) -> Tensors:
    """The weights that write a unit's new content, without those of the gates.

    "kernel" (features, units) and "recurrent_kernel" (units, units): all there are in a plain
    cell, the candidate's in a GRU or LSTM.
    """
    units = reader.config.units
    # Keras stores update, reset, new in a GRU and input, forget, new, output in an LSTM.
    first = 0 if reader.config.cell == "simple_rnn" else 2 * units
    return {
        name: reader.tensors[f"rnn.{name}"][:, first : first + units]
        for name in ("kernel", "recurrent_kernel")
    }


@dataclass(frozen=True)
class Recipe:
    """What goes into a unit at one timestep: its new content is the activation of the sum."""

    inputs: float
    memory: float
    bias: float
    activation: str = "tanh"

    @property
    def new(self) -> float:
        """The new content: in a plain cell, the unit's value."""
        return float(ACTIVATIONS[self.activation].value(np, self.inputs + self.memory + self.bias))


def recipe(reader: Reader, trace: Trace, unit: int, timestep: int) -> Recipe:
    """The parts of a unit's new content at a timestep, from 0, of one reading.

    In a GRU, memory and its bias count only as far as the reset gate lets them.
    """
    config = reader.config
    x = trace.sequence[timestep]
    before = trace.hidden[timestep - 1] if timestep else np.zeros(config.units, np.float32)
    weights = writing_weights(reader)
    inputs = float(x @ weights["kernel"][:, unit])
    memory = float(before @ weights["recurrent_kernel"][:, unit])
    bias = reader.tensors["rnn.bias"]
    if config.cell == "simple_rnn":
        return Recipe(inputs, memory, float(bias[unit]), config.rnn_activation)
    new = 2 * config.units + unit
    if config.cell == "lstm":
        return Recipe(inputs, memory, float(bias[new]))
    cell = CELLS["gru"]
    _, kept = step(cell, x[None], (before[None],), reader.tensors)
    reset = float(kept[cell.kept.index("reset")][0, unit])
    return Recipe(inputs, reset * memory, float(bias[0, new] + reset * bias[1, new]))


def listens_to(weights: np.ndarray, count: int) -> np.ndarray:
    """The units with the `count` largest and the `count` smallest of these weights (units,).

    From most positive to most negative, each unit once: (2 * count,), fewer in a small network.
    """
    order = np.argsort(-weights, kind="stable")
    return order if len(order) <= 2 * count else np.concatenate([order[:count], order[-count:]])


@dataclass(frozen=True)
class Extremes:
    """The digits that excite each unit least and most after each of the 28 stops.

    numbers: (28, units, 2 * count) int32, which digits: the `count` that excite it least, the least
        first, then the `count` that excite it most, the most last.
    values: the same shape, float32, the unit's value then.
    """

    numbers: np.ndarray
    values: np.ndarray


def extremes(reader: Reader, digits: Digits, count: int) -> Extremes:
    """Read every digit and keep the extreme ones: all if there are not more than 2 * count."""
    values: np.ndarray = np.empty((ROWS, reader.config.units, 0), np.float32)
    numbers: np.ndarray = np.empty(values.shape, np.int32)
    # A block at a time: the states of all test digits would take 143 MB with 128 units.
    for start in range(0, len(digits), _BLOCK):
        part = slice(start, start + _BLOCK)
        crowd = remember(reader, Digits(digits.images[part], digits.labels[part]))
        states = crowd.states.transpose(1, 2, 0)
        places = np.arange(start, start + len(crowd.digits), dtype=np.int32)
        values = np.concatenate([values, states], -1)
        numbers = np.concatenate([numbers, np.broadcast_to(places, states.shape)], -1)
        order = values.argsort(-1)
        if values.shape[-1] > 2 * count:
            order = np.concatenate([order[..., :count], order[..., -count:]], -1)
        values, numbers = (np.take_along_axis(array, order, -1) for array in (values, numbers))
    return Extremes(numbers, values)
