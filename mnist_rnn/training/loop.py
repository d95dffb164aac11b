"""Training on this computer, as an iterator of progress: for the worker and the command line.

Same seed, same curve: the first weights, the order of the images and the length of the chunks
follow from the configuration alone, never from the clock.
"""

import math
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import tensorflow as tf

from mnist_rnn.config import ModelConfig, TrainConfig, check_pair
from mnist_rnn.files import replacing
from mnist_rnn.network.weights import Tensors
from mnist_rnn.progress import ChunkDone, Diverged, EpochDone, Start, Steering
from mnist_rnn.training import models
from mnist_rnn.training.examples import augmented, batches
from mnist_rnn.training.prepared import Compiled, keep, prepare, take

__all__ = ["prepare", "save_keras", "train", "warm_up"]

# Networks this small gain nothing from more threads, and others share the machine.
_MOST_THREADS = 4


def warm_up() -> None:
    """Start TensorFlow and its compiler ahead of need, so that a training begins at once.

    To be called once, before anything else is computed: it also limits the threads.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    threads = min(cores or 1, _MOST_THREADS)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    tf.function(lambda x: x + 1, jit_compile=True)(tf.zeros(1))


def train(
    model_config: ModelConfig,
    train_config: TrainConfig,
    *,
    steer: Callable[[], Steering] = Steering,
    start: Start | None = None,
) -> Iterator[ChunkDone | EpochDone]:
    """Train a new model, reporting several times a second; dropping the iterator stops it.

    `steer` is asked before each chunk of steps. The time that the caller spends between two
    reports is not counted as training. With `start`, a training goes on after an epoch: with its
    weights, and with the images in the order that they would have had. What the optimizer had
    gathered is gone, so only plain gradient descent takes the very same steps. Raises Diverged when
    the loss is no longer finite, UserError if the images are missing, if the network can't be
    trained that way or if it can't start from there.
    """
    check_pair(model_config, train_config)
    compiled = take(model_config, train_config)
    try:
        yield from _epochs(compiled, train_config, steer, start)
    finally:
        keep(compiled)


def _epochs(
    compiled: Compiled, config: TrainConfig, steer: Callable[[], Steering], start: Start | None
) -> Iterator[ChunkDone | EpochDone]:
    """Train what is compiled for it: see `train`."""
    watch = _Stopwatch(start.seconds if start else 0.0)
    model, engine, examples = compiled.model, compiled.engine, compiled.examples
    model_config = compiled.settings.model
    if start:
        models.assign(model, model_config, start.tensors)
    epoch = start.epoch if start else 0
    # Asked again after the last epoch: one more may be wanted by then.
    while epoch < (steer().epochs or config.epochs):
        epoch += 1
        indices, counts = batches(config, examples.labels, epoch)
        if config.augmentation != "none":
            engine.replace_images(augmented(examples.images, config, epoch))
        loss_sum, right, seen, digits_seen = 0.0, 0.0, 0, 0
        for first in range(0, len(counts), engine.steps):
            steering = steer()
            epochs = steering.epochs or config.epochs
            part = slice(first, first + engine.steps)
            steps = np.arange(len(counts))[part] + (epoch - 1) * len(counts)
            rates = _rates(config, steering.learning_rate, steps / (epochs * len(counts)))
            chunk_loss, chunk_right = engine.run(indices[part], counts[part], rates, int(steps[0]))
            chunk_images = int(counts[part].sum())
            real = np.arange(indices.shape[1]) < counts[part][:, None]
            chunk_digits = int((examples.labels[indices[part]] >= 0)[real].sum())
            loss_sum += chunk_loss
            right += chunk_right
            seen += chunk_images
            digits_seen += chunk_digits
            _must_be_finite(chunk_loss, epoch, rates)
            yield ChunkDone(
                epoch,
                seen,
                config.train_images,
                watch.seconds(),
                chunk_loss / chunk_images,
                chunk_right / max(chunk_digits, 1),
            )
            watch.resume()
        validation_loss, by_timestep = engine.validate()
        _must_be_finite(validation_loss, epoch, rates)
        yield EpochDone(
            epoch,
            watch.seconds(),
            float(rates[-1]),
            loss_sum / seen,
            right / digits_seen,
            validation_loss,
            tuple(by_timestep.tolist()),
            models.tensors(model, model_config),
        )
        watch.resume()


def save_keras(path: Path, config: ModelConfig, tensors: Tensors) -> None:
    """Write weights as a Keras model, by atomic rename; raises OSError if the disk fails."""
    model = models.build(config)
    models.assign(model, config, tensors)
    with replacing(path) as partial:
        model.save(partial)


def _must_be_finite(loss: float, epoch: int, rates: np.ndarray) -> None:
    if not math.isfinite(loss):
        raise Diverged(
            f"The loss stopped being a finite number in epoch {epoch}: the learning rate "
            f"{rates[-1]:g} is too high for this network. Try a tenth of it."
        )


class _Stopwatch:
    """Seconds of training, without those that pass while the caller has the report."""

    def __init__(self, before: float) -> None:
        self._before = before
        self._began = time.perf_counter()

    def seconds(self) -> float:
        """Stop, and tell how long it ran in all."""
        self._before += time.perf_counter() - self._began
        return self._before

    def resume(self) -> None:
        self._began = time.perf_counter()


def _rates(config: TrainConfig, steered: float | None, progress: np.ndarray) -> np.ndarray:
    """The learning rate at each step, float32; `progress` (steps,) runs from 0 to 1 in training."""
    base = config.learning_rate if steered is None else steered
    cosine = config.schedule == "cosine"
    shape = (1 + np.cos(np.pi * progress)) / 2 if cosine else np.ones_like(progress)
    return (base * shape).astype(np.float32)
