"""Drawing a digit, row by row, in NumPy: one-to-many, the way of reading turned round.

A class and a style go in once, at the first timestep; then the recurrent layer runs on by itself,
its inputs zeros, and at each timestep the head says how much ink each pixel of one row gets.
"""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.errors import UserError
from mnist_rnn.network.cells import cell_of, sigmoid, unroll
from mnist_rnn.network.reader import Trained
from mnist_rnn.network.weights import Card, Tensors


@dataclass(frozen=True)
class Drawing:
    """One drawing, or n of them: then every array has a leading axis of n.

    sequence: (28, 10 + styles), what went in: the code in the first row, then zeros.
    hidden: (28, units), what the network remembered after each timestep.
    logits: (28, 28), the head applied to each hidden state.
    rows: (28, 28), the sigmoid of the logits: the ink of each pixel, from 0 to 1.
    """

    sequence: np.ndarray
    hidden: np.ndarray
    logits: np.ndarray
    rows: np.ndarray

    @property
    def image(self) -> np.ndarray:
        """The grey levels 0..255 as readers take them, (28, 28) uint8 with bright ink."""
        return np.rint(255 * self.rows).astype(np.uint8)


class Drawer(Trained):
    """A trained network that turns a class and a style into a Drawing."""

    def __init__(self, tensors: Tensors, card: Card) -> None:
        """Raises UserError if the tensors are not the card's, or those of a network that reads."""
        super().__init__(tensors, card)
        if card.model.head != "one_to_many":
            raise UserError("This network reads digits, it does not draw them.")

    def draw(self, digit: int, style: np.ndarray | None = None) -> Drawing:
        """Draw one digit, 0 to 9, in a style (styles,), or in the mean style: zeros."""
        style = np.zeros(self.config.styles, np.float32) if style is None else style
        batch = self.draw_batch(np.array([digit]), style[None])
        return Drawing(batch.sequence[0], batch.hidden[0], batch.logits[0], batch.rows[0])

    def draw_batch(self, digits: np.ndarray, styles: np.ndarray) -> Drawing:
        """Draw n digits (n,), 0 to 9, each in its own style (n, styles)."""
        sequence = np.zeros((len(digits), ROWS, self.config.features), np.float32)
        sequence[:, 0] = code(digits, styles)
        cell = cell_of(self.config)
        start = cell.empty(len(digits), self.config.units)
        states = unroll(cell, sequence, start, self.tensors)
        hidden = np.stack([state[0] for state in states], 1)  # (n, 28, units)
        logits = self.readout(hidden)
        return Drawing(sequence, hidden, logits, sigmoid(np, logits))


def code(digits: np.ndarray, styles: np.ndarray) -> np.ndarray:
    """What goes in, (n, 10 + styles): a one for the class among ten numbers, then the style.

    digits: (n,), each 0 to 9; styles: (n, styles).
    """
    return np.concatenate([np.eye(CLASSES)[digits], styles], 1).astype(np.float32)
