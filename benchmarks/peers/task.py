"""What every engine is given: one network, one recipe, the same images in the same order."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.reader import to_input
from mnist_rnn.network.weights import Tensors, load

VALIDATION_BATCH = 1000
# RMSprop as Keras has it now: the mean of squared gradients decays by RHO, and the step is
# learning_rate * gradient / sqrt(mean + EPSILON).
RHO, EPSILON = 0.9, 1e-7


@dataclass(frozen=True)
class Task:
    """Train `model` as `train` says, from the weights `first`."""

    model: ModelConfig
    train: TrainConfig
    first: Tensors

    @classmethod
    def load(cls, path: Path) -> Self:
        """The task that `benchmarks.peers.first_weights` wrote down."""
        first, card = load(path)
        return cls(card.model, card.train, first)

    def images(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Training and validation: pixels (n, 28, 28) float32 and labels (n,) int32."""
        train, validation = (
            (to_input(digits.images), digits.labels.astype(np.int32))
            for digits in (
                load_digits("train").first(self.train.train_images),
                load_digits("validation"),
            )
        )
        return train, validation

    def batches(self, epoch: int) -> np.ndarray:
        """Which images each step of an epoch takes, (steps, batch_size): this project's order."""
        images = self.train.train_images
        order = np.random.default_rng((self.train.seed, epoch)).permutation(images)
        return order.reshape(-1, self.train.batch_size).astype(np.int32)


# Trains one epoch, counted from 1, and returns the accuracy on the validation images after it,
# at the last timestep. An engine is a module whose `start` makes one.
Epoch = Callable[[int], float]
