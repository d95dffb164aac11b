"""Feature maps that become a sequence with their axes in the wrong order."""

import numpy as np

from mnist_rnn.config import COLUMNS, ROWS


def interleaved(sequence: np.ndarray) -> np.ndarray:
    """What a network that goes map by map would read if its maps had not been transposed first.

    The maps (28, 28, filters) are reshaped to (filters * 28, 28) as they lie in memory, where all
    filters of one pixel are neighbours. `sequence`, of that shape, is how it should have been.
    """
    maps = sequence.reshape(-1, ROWS, COLUMNS)  # (filters, 28, 28)
    return maps.transpose(1, 2, 0).reshape(sequence.shape)
