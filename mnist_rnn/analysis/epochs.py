"""One digit as a network read it after each epoch of its training, from the run's snapshots."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mnist_rnn.network.cells import cell_of, unroll
from mnist_rnn.network.reader import Reader, softmax
from mnist_rnn.runs.run import Run, usable_weights

# So many epochs at most are read of a long run: more columns than that can't be told apart.
MOST_EPOCHS = 128


def read_with_all(readers: Sequence[Reader], image: np.ndarray) -> np.ndarray:
    """Probabilities (n, timesteps, 10) that n recurrent readers of one network give an image.

    image: (28, 28). They take each step together, which is faster than one after another.
    """
    config = readers[0].config
    w = {
        name: np.stack([reader.tensors[name] for reader in readers])
        for name in readers[0].tensors
        if not name.startswith("conv")
    }
    if config.cell == "gru":
        w["rnn.bias"] = w["rnn.bias"].transpose(1, 0, 2)[:, :, None]  # (2, n, 1, 3 * units)
    else:
        w["rnn.bias"] = w["rnn.bias"][:, None]  # (n, 1, gates * units)
    sequences = np.concatenate([reader.sequence(image[None]) for reader in readers])
    cell = cell_of(config)
    start = cell.empty(len(readers), 1, config.units)
    states = unroll(cell, sequences[:, :, None], start, w)
    hidden = np.concatenate([state[0] for state in states], axis=1)  # (n, timesteps, units)
    return softmax(hidden @ w["head.kernel"] + w["head.bias"][:, None])


def thinned(epochs: Sequence[int], most: int = MOST_EPOCHS) -> list[int]:
    """At most `most` + 1 of these epochs at equal distances, the first and the last among them.

    The distances are powers of two, so that a growing run never needs an epoch that was left out.
    """
    step = 1
    while len(epochs) > most * step:
        step *= 2
    return sorted({*epochs[::step], *epochs[-1:]})


@dataclass
class EpochReadings:
    """Readings of one image (28, 28) by the snapshots of one run; none is read twice."""

    run: Run
    image: np.ndarray
    _read: dict[int, np.ndarray] = field(default_factory=dict)

    def are_of(self, run: Run, image: np.ndarray) -> bool:
        """Whether they are of this image by this run."""
        return run == self.run and np.array_equal(image, self.image)

    def over(self, epochs: Sequence[int]) -> tuple[list[int], np.ndarray]:
        """Which of these epochs were read, and their probabilities (epochs, timesteps, 10).

        Long runs are thinned; an epoch whose snapshot is lost or damaged is left out. Raises
        OSError if one can't be read.
        """
        wanted = thinned(epochs)
        snapshots = {
            epoch: reader
            for epoch in wanted
            if epoch not in self._read and (reader := self._reader(epoch))
        }
        if snapshots:
            fresh = read_with_all(list(snapshots.values()), self.image)
            self._read.update(zip(snapshots, fresh, strict=True))
        found = [epoch for epoch in wanted if epoch in self._read]
        return found, np.array([self._read[epoch] for epoch in found])

    def _reader(self, epoch: int) -> Reader | None:
        usable = usable_weights(self.run.snapshot(epoch))
        return Reader(*usable) if usable else None
