"""What a training reports, and how it is steered: shared by the worker and the app."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ChunkDone:
    """Some optimizer steps are done.

    `epoch` counts from 1; `images` were seen so far in this epoch, of `images_in_epoch`;
    `seconds` of training have passed since the start; `loss` and `accuracy` (at the last
    timestep) are means over the images of this chunk, as training saw them.
    """

    epoch: int
    images: int
    images_in_epoch: int
    seconds: float
    loss: float
    accuracy: float


@dataclass(frozen=True)
class EpochDone:
    """An epoch is done and validated.

    `loss` and `accuracy` are means over the epoch as training saw it, `validation_loss` and
    `validation_accuracy_by_timestep` (timesteps,) are over the 10,000 validation images after it.
    `tensors` are the weights then, by the names of `weights.shapes`.
    """

    epoch: int
    seconds: float
    learning_rate: float
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy_by_timestep: tuple[float, ...]
    tensors: dict[str, np.ndarray]

    @property
    def validation_accuracy(self) -> float:
        """The fraction of validation images named correctly after the last timestep."""
        return self.validation_accuracy_by_timestep[-1]

    @property
    def validation_accuracy_of_all(self) -> float:
        """The mean over all timesteps: the accuracy that Keras's `fit` prints for many-to-many."""
        return float(np.mean(self.validation_accuracy_by_timestep))


@dataclass(frozen=True)
class Progress:
    """How far a training is. `seconds_left` and `images_per_second` need two chunks: else None."""

    epoch: int
    epochs: int
    fraction: float
    images_per_second: float | None
    seconds_left: float | None


def in_words(seconds: float) -> str:
    """A length of time as one would say it."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 60:
        return f"about {minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"about {hours} h {minutes} min"


@dataclass(frozen=True)
class Start:
    """Where a training that was interrupted goes on: what was there after `epoch`, by tensor name.

    `seconds` of training had passed by then.
    """

    epoch: int
    seconds: float
    tensors: dict[str, np.ndarray]


@dataclass(frozen=True)
class Steering:
    """What may change while a training runs: None leaves it as configured."""

    learning_rate: float | None = None
    epochs: int | None = None


class Interrupted(Exception):
    """A training ended through no fault of its own and may go on; the text says why."""


class Lost(Exception):
    """The run is not this worker's any more: it was given to another one, or taken back."""


class Diverged(Exception):
    """The loss is no longer a finite number; the text says so in one sentence."""
