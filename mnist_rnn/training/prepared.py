"""A network that is built and compiled: one is kept, and the next training that it fits takes it.

So a training whose network was prepared while its settings were still looked at, or whose network
was trained just before, begins at once. It takes the very steps that it would have taken.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import keras
import numpy as np

from mnist_rnn.config import ROWS, Config, ModelConfig, TrainConfig
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.network import weights
from mnist_rnn.training import models
from mnist_rnn.training.engine import Engine
from mnist_rnn.training.examples import examples_of

# The weights of the 28 rows, chosen on the validation images: little can be learnt from the empty
# first rows, most from those in which digits begin to differ, and the last ones give the answer.
_GRADED = np.repeat([0.2, 1.0, 2.5, 1.0, 4.0], [4, 2, 8, 12, 2])
# Multiplications in a chunk: they take about a tenth of a second on two cores.
_CHUNK_WORK = 2.5e9


@dataclass(frozen=True)
class Compiled:
    """A network, its engine and the examples that it learns from, as they were for `settings`."""

    settings: Config
    model: keras.Model
    engine: Engine
    examples: Digits

    def start_over(self, model: ModelConfig, train: TrainConfig) -> None:
        """Set everything that a training changes to what it is at the first step of this one."""
        fresh = models.build(model, train)
        for variable, value in zip(self.model.variables, fresh.variables, strict=True):
            variable.assign(value)
        self.engine.forget_steps()


# No more than one: the images alone take 150 MB.
kept: list[Compiled] = []


def prepare(model: ModelConfig, train: TrainConfig) -> Iterator[None]:
    """Build and compile what such a training needs, unless that is at hand; raises as `take`.

    Whoever is in a hurry stops at what is yielded: then the training's first epoch can begin.
    """
    if not _fits(model, train):
        compiled = take(model, train)
        compiled.engine.compile_steps(train.batch_size)
        keep(compiled)
        yield
        compiled.engine.compile_validation()


def take(model: ModelConfig, train: TrainConfig) -> Compiled:
    """What was kept if it fits, else a new one, before its first step: nobody else has it.

    Raises UserError if the images are missing, or a file that the head's objective needs.
    """
    if not _fits(model, train):
        # One network at a time: what Keras kept of the one before is let go.
        kept.clear()
        keras.utils.clear_session()
        keep(_build(model, train))
    compiled = kept.pop()
    compiled.start_over(model, train)
    return compiled


def keep(compiled: Compiled) -> None:
    """Leave it for the next training that it fits."""
    kept[:] = [compiled]


def _fits(model: ModelConfig, train: TrainConfig) -> bool:
    return bool(kept) and kept[0].settings == _settings(model, train)


def _settings(model: ModelConfig, train: TrainConfig) -> Config:
    """These settings without those that make no difference before the first step."""
    # Other examples, or other masks, for every seed.
    drawn = train.non_digits or train.dropout or train.recurrent_dropout
    seeded = drawn or train.writers != "mnist"
    usual = replace(
        train,
        epochs=1,
        learning_rate=1.0,
        schedule="constant",
        calibration="none",
        augmented_share=1.0,
        # All images are replaced before an epoch, or none ever is.
        augmentation="none" if train.augmentation == "none" else "affine",
        seed=train.seed if seeded else 0,
    )
    return Config(model, usual)


def _build(model: ModelConfig, train: TrainConfig) -> Compiled:
    examples = examples_of(train)
    network = models.build(model, train)
    engine = Engine(
        network,
        model,
        train.optimizer,
        training=examples,
        validation=load_digits("validation"),
        steps=_chunk_steps(model, train),
        clip_norm=train.clip_norm,
        timestep_weights=timestep_weights(model, train),
    )
    return Compiled(_settings(model, train), network, engine, examples)


def timestep_weights(model: ModelConfig, train: TrainConfig) -> np.ndarray | None:
    """How much each timestep counts in the loss, (timesteps,), 1 on average; None: the same."""
    if train.timestep_weights == "equal" or model.head != "many_to_many":
        return None
    weights = np.repeat(_GRADED, model.timesteps // ROWS)
    return weights / weights.mean()


def _chunk_steps(model: ModelConfig, train: TrainConfig) -> int:
    """How many optimizer steps take about a tenth of a second, by the work they are."""
    per_timestep = weights.timestep_work(model, train.batch_size)
    steps = round(_CHUNK_WORK / (model.timesteps * per_timestep))
    return max(1, min(steps, math.ceil(train.train_images / train.batch_size)))
