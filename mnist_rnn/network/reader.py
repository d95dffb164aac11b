"""Reading a digit, timestep by timestep, in NumPy: what a trained network remembers and thinks.

The equations are those of the Keras layers of the same names, so that weights trained there read
here with the same hidden states. Nothing is hidden behind a call: every step's state is kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from mnist_rnn.config import COLUMNS, ROWS, ModelConfig
from mnist_rnn.digits.mnist import to_input
from mnist_rnn.errors import UserError
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card, Tensors

State = tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Trace:
    """One reading, or n of them: then every array has a leading axis of n.

    sequence: (timesteps, features), what the recurrent layer read.
    hidden: (timesteps, units), what it remembered after each timestep.
    logits: (timesteps, 10), the head applied to each hidden state.
    probabilities: (timesteps, 10), the softmax of the logits.
    """

    sequence: np.ndarray
    hidden: np.ndarray
    logits: np.ndarray
    probabilities: np.ndarray

    @property
    def answers(self) -> np.ndarray:
        """The likeliest class after each timestep, (timesteps,)."""
        return self.probabilities.argmax(-1)


def simple_rnn(x: np.ndarray, state: State, w: Tensors) -> State:
    """One step of the plain recurrent cell (J. L. Elman, Finding structure in time, 1990)."""
    (h,) = state
    h = np.tanh(x @ w["rnn.kernel"] + w["rnn.bias"] + h @ w["rnn.recurrent_kernel"])
    return (h,)


def dense(x: np.ndarray, state: State, w: Tensors) -> State:
    """The plain cell's equation taken once: there is no state before it that could recur."""
    return (np.tanh(x @ w["dense.kernel"] + w["dense.bias"]),)


def gru(x: np.ndarray, state: State, w: Tensors) -> State:
    """One step of a gated recurrent unit (Cho et al. 2014), reset after the product as in cuDNN."""
    (h,) = state
    x_update, x_reset, x_new = np.split(x @ w["rnn.kernel"] + w["rnn.bias"][0], 3, axis=-1)
    h_update, h_reset, h_new = np.split(h @ w["rnn.recurrent_kernel"] + w["rnn.bias"][1], 3, -1)
    update = sigmoid(x_update + h_update)
    reset = sigmoid(x_reset + h_reset)
    new = np.tanh(x_new + reset * h_new)
    return (update * h + (1 - update) * new,)


def lstm(x: np.ndarray, state: State, w: Tensors) -> State:
    """One step of a long short-term memory (Hochreiter & Schmidhuber 1997, Gers et al. 2000)."""
    h, c = state
    gates = x @ w["rnn.kernel"] + w["rnn.bias"] + h @ w["rnn.recurrent_kernel"]
    write, keep, new, show = np.split(gates, 4, axis=-1)
    c = sigmoid(keep) * c + sigmoid(write) * np.tanh(new)
    return (sigmoid(show) * np.tanh(c), c)


@dataclass(frozen=True)
class Cell:
    """How a recurrent layer takes one step, and how many state arrays it carries along.

    `step(x, state, weights)` maps x (n, features) and a state of (n, units) arrays to the next
    state; its first array is the hidden state.
    """

    step: Callable[[np.ndarray, State, Tensors], State]
    states: int


CELLS = {"simple_rnn": Cell(simple_rnn, 1), "gru": Cell(gru, 1), "lstm": Cell(lstm, 2)}
_WITHOUT_RECURRENCE = Cell(dense, 1)


def cell_of(config: ModelConfig) -> Cell:
    """What takes a network from one timestep to the next."""
    return _WITHOUT_RECURRENCE if config.head == "one_to_one" else CELLS[config.cell]


def start_of(config: ModelConfig, count: int) -> State:
    """The state before the first timestep of `count` sequences, an empty memory: zeros."""
    return (np.zeros((count, config.units), np.float32),) * cell_of(config).states


def unroll(cell: Cell, sequence: np.ndarray, state: State, w: Tensors) -> Iterator[State]:
    """The state after each timestep of n sequences (n, timesteps, features), from `state` on."""
    for t in range(sequence.shape[1]):
        state = cell.step(sequence[:, t], state, w)
        yield state


class Reader:
    """A trained network that turns an image into a Trace."""

    def __init__(self, tensors: Tensors, card: Card) -> None:
        """Raises UserError if the tensors are not the card's, or those of a network that draws."""
        weights.check(tensors, card.model)
        if card.model.head == "one_to_many":
            raise UserError("This network draws digits, it does not read them.")
        self.tensors = tensors
        self.card = card

    @classmethod
    def load(cls, path: Path) -> Self:
        """The reader stored in a safetensors file; raises UserError if it can't be used."""
        return cls(*weights.load(path))

    @property
    def config(self) -> ModelConfig:
        return self.card.model

    def read(self, image: np.ndarray) -> Trace:
        """Read one image, (28, 28) grey levels 0..255 with bright ink."""
        batch = self.read_batch(image[None])
        return Trace(batch.sequence[0], batch.hidden[0], batch.logits[0], batch.probabilities[0])

    def read_batch(self, images: np.ndarray) -> Trace:
        """Read n images, (n, 28, 28) grey levels 0..255 with bright ink."""
        sequence = self.sequence(images)
        hidden = self.remember(sequence)
        logits = self.readout(hidden)
        return Trace(sequence, hidden, logits, softmax(logits))

    def sequence(self, images: np.ndarray) -> np.ndarray:
        """What the recurrent layer reads of n images: (n, timesteps, features)."""
        pixels = to_input(images, self.config.scaling)
        if self.config.backbone == "rnn":
            return pixels.reshape(len(images), self.config.timesteps, self.config.features)
        maps = pixels[..., None]  # (n, 28, 28, 1)
        for layer in ("conv1", "conv2"):
            maps = convolve(maps, self.tensors[f"{layer}.kernel"], self.tensors[f"{layer}.bias"])
            if self.config.activation == "relu":
                maps = np.maximum(maps, 0)
        if self.config.order == "map_major":
            maps = maps.transpose(0, 3, 1, 2)  # (n, filters, 28, 28)
        else:
            maps = maps.transpose(0, 1, 3, 2)  # (n, 28, filters, 28)
        return maps.reshape(len(images), self.config.timesteps, self.config.features)

    def remember(self, sequence: np.ndarray) -> np.ndarray:
        """The hidden state after each timestep of n sequences: (n, timesteps, units)."""
        hidden = np.empty((*sequence.shape[:2], self.config.units), np.float32)
        for t, state in enumerate(self.states(sequence)):
            hidden[:, t] = state[0]
        return hidden

    def states(self, sequence: np.ndarray, start: State | None = None) -> Iterator[State]:
        """The whole state after each timestep of n sequences, an LSTM's cell state included.

        Reading begins with the state `start`, or with an empty memory: zeros.
        """
        start = start or start_of(self.config, len(sequence))
        return unroll(cell_of(self.config), sequence, start, self.tensors)

    def readout(self, hidden: np.ndarray) -> np.ndarray:
        """The head applied to hidden states (..., units): logits (..., 10)."""
        return hidden @ self.tensors["head.kernel"] + self.tensors["head.bias"]


def convolve(maps: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """A 3x3 convolution with zero padding 1: maps (n, 28, 28, in), kernel (3, 3, in, out).

    As in every deep learning library, the kernel is not flipped (a cross-correlation).
    """
    padded = np.pad(maps, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = [
        padded[:, row : row + ROWS, column : column + COLUMNS]
        for row in range(3)
        for column in range(3)
    ]
    patches = np.concatenate(windows, -1)  # (n, 28, 28, 9 * in)
    return patches @ kernel.reshape(-1, len(bias)) + bias


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities over the last axis; the largest logit is taken off first against overflow."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), written with tanh so that large negative x cannot overflow."""
    return 0.5 * (1 + np.tanh(0.5 * x))
