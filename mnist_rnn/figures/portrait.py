"""What is shown of one hidden unit."""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.analysis.units import Recipe
from mnist_rnn.config import ROWS
from mnist_rnn.figures.tiles import Tiles


@dataclass(frozen=True)
class Portrait:
    """What the figure shows of one unit after a row, of `timestep` + 1 timesteps read.

    name: what the unit is called.
    sequence: (timesteps, features), what the reader reads; `of_pixels` if it is the image.
    values: (timesteps,), the unit's value after each timestep.
    input_weights: (features,), what it multiplies the sequence with.
    heard: the names of the units it listens to, with their weights (k,) and their values
        (timesteps, k).
    votes: (10,), what a value of 1 adds to each class; `votes_trained` if the head was trained
        at this timestep.
    recipe: what its new content at this timestep is made of.
    gated: its value is more than the new content.
    most, least: digits that excite it most and least after this row, read down to `rows_read`.
    """

    name: str
    row: int
    timestep: int
    sequence: np.ndarray
    of_pixels: bool
    values: np.ndarray
    input_weights: np.ndarray
    heard: tuple[str, ...]
    heard_weights: np.ndarray
    heard_values: np.ndarray
    votes: np.ndarray
    votes_trained: bool
    recipe: Recipe
    gated: bool
    most: Tiles
    least: Tiles
    rows_read: int

    @property
    def moment(self) -> str:
        """What has just been read."""
        return moment_name(self.row, len(self.values))

    @property
    def heard_now(self) -> np.ndarray:
        """The memory that the unit hears at this timestep, that of the one before: (k,)."""
        if self.timestep == 0:
            return np.zeros(len(self.heard), np.float32)
        return self.heard_values[self.timestep - 1]


def moment_name(row: int, timesteps: int) -> str:
    """What ends at a row, from 1, of a reading: that row, or a timestep if there are more."""
    return f"row {row}" if timesteps == ROWS else f"timestep {row * timesteps // ROWS}"
