"""Seconds an epoch: this project's training beside Keras's own `fit`, in one run.

    python -m benchmarks.epoch_speed [SYSTEM ...] [--epochs 4] [--images N]

Both train the same network on the same images in batches of 100 with RMSprop, and both
validate on the 10,000 validation images after each epoch: on all 50,000 images if the rows are read
as they are, else on 20,000. They take turns, epoch by epoch, so that a busy machine slows
both. The table has the medians of the epochs after a first one, in which both compile, the median
of the ratios turn by turn, the goal for it, and the seconds from the start of a training to its
first progress report. `benchmarks.peers` gives each engine a process of its own.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.reader import to_input
from mnist_rnn.progress import EpochDone
from mnist_rnn.training import loop, models

_RNN = ModelConfig()
_CNN_RNN = ModelConfig(backbone="cnn_rnn")
# With the most that an epoch may take of `fit`'s seconds.
SYSTEMS = {
    "rnn-many_to_one": (_RNN, 0.25),
    "rnn-many_to_many": (replace(_RNN, head="many_to_many"), 0.25),
    "cnn_rnn-many_to_one": (_CNN_RNN, 0.5),
    "cnn_rnn-many_to_many": (replace(_CNN_RNN, head="many_to_many"), 0.5),
    "cnn_rnn-many_to_one-rows": (replace(_CNN_RNN, order="row_major"), 0.6),
    "gru-many_to_one": (replace(_RNN, cell="gru"), 0.5),
    "lstm-many_to_one": (replace(_RNN, cell="lstm"), 0.5),
}
_IMAGES = {"rnn": 50_000, "cnn_rnn": 20_000}


def main() -> None:
    """Time the systems that were asked for and print a row of the table for each."""
    parser = argparse.ArgumentParser(description="Seconds an epoch beside Keras's fit.")
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help=", ".join(SYSTEMS))
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--images", type=int)
    options = parser.parse_args()
    names = options.systems or list(SYSTEMS)
    if unknown := set(names) - set(SYSTEMS):
        parser.error(f"no system called {unknown.pop()}; choose from {', '.join(SYSTEMS)}")
    loop.warm_up()
    print("| system | first report, s | this app, s | Keras `fit`, s | ratio | goal |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in names:
        model, goal = SYSTEMS[name]
        images = options.images or _IMAGES[model.backbone]
        config = TrainConfig(epochs=options.epochs + 1, train_images=images)
        print(f"| {name} | {_row(model, config)} | {goal} |", flush=True)


def _row(model: ModelConfig, config: TrainConfig) -> str:
    """Train both ways and write down the seconds of each."""
    progress = loop.train(model, config)
    began = time.perf_counter()
    next(progress)
    first = time.perf_counter() - began
    fit = _stock(model, config)

    def ours() -> None:
        while not isinstance(next(progress), EpochDone):
            pass

    turns = [(_seconds(ours), _seconds(fit)) for _ in range(config.epochs)]
    typical, typical_fit = (statistics.median(times) for times in zip(*turns[1:], strict=True))
    ratio = statistics.median(mine / theirs for mine, theirs in turns[1:])
    return f"{first:.1f} | {typical:.2f} | {typical_fit:.2f} | {ratio:.2f}"


def _stock(model: ModelConfig, config: TrainConfig) -> Callable[[], object]:
    """What trains the model for one epoch with Keras's own loop."""
    network = models.build(model, config)
    network.compile(
        keras.optimizers.RMSprop(config.learning_rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    train, validation = (
        (to_input(digits.images, model.scaling), _targets(digits.labels, model))
        for digits in (load_digits("train").first(config.train_images), load_digits("validation"))
    )
    return lambda: network.fit(
        *train,
        batch_size=config.batch_size,
        validation_data=validation,
        validation_batch_size=1000,
        verbose=0,
    )


def _targets(labels: np.ndarray, model: ModelConfig) -> np.ndarray:
    """The labels as `fit` wants them: one an image, or one at each timestep."""
    if model.head == "many_to_one":
        return labels
    return np.repeat(labels[:, None], model.timesteps, 1)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
