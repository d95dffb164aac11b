"""What hidden units stand for, and where their values come from."""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.network.cells import CELLS, step
from mnist_rnn.network.reader import Reader, Trace
from mnist_rnn.network.weights import Tensors


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
    """What goes into a unit at one timestep: the tanh of the sum is its new content."""

    inputs: float
    memory: float
    bias: float

    @property
    def new(self) -> float:
        """The new content: in a plain cell, the unit's value."""
        return float(np.tanh(self.inputs + self.memory + self.bias))


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
        return Recipe(inputs, memory, float(bias[unit]))
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


def extremes(values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` digits with the largest and with the smallest values (n,), extreme first."""
    return np.argsort(-values, kind="stable")[:count], np.argsort(values, kind="stable")[:count]
