"""Reading a digit, timestep by timestep, in NumPy: what a trained network remembers and thinks.

The recurrent equations are those of `network/cells.py`, so that weights trained in Keras read here
with the same hidden states. Every step's state is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from mnist_rnn.config import COLUMNS, ROWS, ModelConfig
from mnist_rnn.errors import UserError
from mnist_rnn.network import weights
from mnist_rnn.network.cells import State, cell_of, unroll
from mnist_rnn.network.weights import Card, Tensors


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


class Trained:
    """The weights of a trained network, and its card."""

    def __init__(self, tensors: Tensors, card: Card) -> None:
        weights.check(tensors, card.model)
        self.tensors = tensors
        self.card = card

    @classmethod
    def load(cls, path: Path) -> Self:
        """What is stored in a safetensors file; raises UserError if it can't be used."""
        return cls(*weights.load(path))

    @property
    def config(self) -> ModelConfig:
        return self.card.model

    def readout(self, hidden: np.ndarray) -> np.ndarray:
        """The head applied to hidden states (..., units): logits (..., outputs)."""
        return hidden @ self.tensors["head.kernel"] + self.tensors["head.bias"]


class Reader(Trained):
    """A trained network that turns an image into a Trace."""

    def __init__(self, tensors: Tensors, card: Card) -> None:
        """Raises UserError if the tensors are not the card's, or those of a network that draws."""
        super().__init__(tensors, card)
        if card.model.head == "one_to_many":
            raise UserError("This network draws digits, it does not read them.")

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
        # (n, filters, 28, 28) or (n, 28, filters, 28)
        axes = (0, 3, 1, 2) if self.config.order == "map_major" else (0, 1, 3, 2)
        return maps.transpose(axes).reshape(
            len(images), self.config.timesteps, self.config.features
        )

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
        w = self.tensors
        if self.config.head == "one_to_one":  # There is no state before it that could recur.
            kernel, bias = w["dense.kernel"], w["dense.bias"]
            return ((np.tanh(x @ kernel + bias),) for x in sequence.swapaxes(0, 1))
        cell = cell_of(self.config)
        return unroll(cell, sequence, start or cell.empty(len(sequence), self.config.units), w)


def to_input(images: np.ndarray, scaling: str = "once") -> np.ndarray:
    """Grey levels 0..255 of any shape as the float32 numbers that a network reads.

    `scaling` "once" divides by 255. "twice" repeats the slip of the 2016 post, whose pickled
    MNIST was already in [0, 1] when it divided by 255 again.
    """
    return images.astype(np.float32) / np.float32(255 if scaling == "once" else 255**2)


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
