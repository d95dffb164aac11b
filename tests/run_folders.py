"""Run folders as a training would leave them."""

import os
import time
from pathlib import Path

import numpy as np

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.runs import Run
from mnist_rnn.runs.metrics import to_line
from mnist_rnn.runs.run import list_ids
from mnist_rnn.runs.status import FINISHED
from tests.networks import random_tensors

TINY = ModelConfig(units=2)


def finished_run(
    root: Path | None = None,
    model: ModelConfig = TINY,
    train: TrainConfig | None = None,
    accuracies: tuple[float, ...] = (0.5, 0.75),
) -> Run:
    """A run with these validation accuracies, one an epoch, and the last of them in the test."""
    train = train or TrainConfig(epochs=len(accuracies))
    run = runs.create(model, train, root)
    with run.metrics.open("wb") as file:
        for epoch, accuracy in enumerate(accuracies, start=1):
            chunk = ChunkDone(epoch, 1000, 1000, 10.0 * epoch, 1 / epoch, accuracy)
            by_step = tuple(np.linspace(0.1, accuracy, model.timesteps).tolist())
            done = EpochDone(
                epoch, 10.0 * epoch, 0.001, 1 / epoch, accuracy, 2 / epoch, by_step, {}
            )
            file.write(to_line(chunk) + to_line(done))
    by_step = (accuracies[-1],) * model.timesteps
    card = Card(model, train, len(accuracies), by_step, (accuracies[-1],) * 10)
    weights.save(run.best, random_tensors(model), card)
    run.keras_model.write_bytes(b"a Keras model")
    run.set_status(FINISHED)
    return run


def list_runs(root: Path | None = None) -> list[Run]:
    """All runs, oldest first, the damaged ones too; raises UserError as `list_ids`."""
    root = root or runs.runs_folder()
    return [Run(root / run_id) for run_id in list_ids(root)]


def settle(root: Path) -> None:
    """Make the runs in a folder look as if nothing had changed for a minute, so that it is kept."""
    for run in list_runs(root):
        os.utime(run.folder, (time.time() - 60,) * 2)
