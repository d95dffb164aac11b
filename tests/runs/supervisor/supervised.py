"""Runs for a supervisor, and workers that need no time to train them."""

import sys

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from tests.waiting import wait_for

SMALL = ModelConfig(units=8)
QUICK = TrainConfig(epochs=2, train_images=1000)
ENDLESS = TrainConfig(epochs=1000, train_images=1000)
# Says at once that every run is finished.
HASTY = (
    sys.executable,
    "-c",
    "import pathlib, sys; from mnist_rnn.runs.run import Run\n"
    "for line in sys.stdin: Run(pathlib.Path(line.split()[1])).set_status('finished')",
)


def start(served, train=QUICK, model=SMALL):
    """A new run in a folder that a supervisor looks after."""
    root, service = served
    run = runs.create(model, train, root)
    service.look()
    return run


def ended(run):
    wait_for(lambda: run.status().ended, f"run {run.id} ends")
    return run.status()
