"""A training on a full disk: `python -m tests.faults.full_disk RUN BYTES`."""

import resource
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network.weights import Tensors
from mnist_rnn.progress import ChunkDone, EpochDone, Start
from mnist_rnn.runs import Run
from mnist_rnn.training import worker
from tests.networks import random_tensors


def many_epochs(
    model: ModelConfig, train: TrainConfig, *, steer: object, start: Start | None = None
) -> Iterator[ChunkDone | EpochDone]:
    """What a training would report, without training."""
    for epoch in range(1, train.epochs + 1):
        yield ChunkDone(epoch, 1000, 1000, epoch, 1.0, 0.5)
        by_timestep = (0.1,) * (model.timesteps - 1) + (0.5 + epoch / 1000,)
        tensors = random_tensors(model, epoch)
        yield EpochDone(epoch, epoch, 0.001, 1.0, 0.5, 1.0, by_timestep, tensors)


def save_large(path: Path, config: ModelConfig, tensors: Tensors) -> None:
    path.write_bytes(bytes(100_000))


if __name__ == "__main__":
    most = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    run = Run(Path(sys.argv[1]))
    worker.work(run, run.lease(), many_epochs, save_large, threading.Event())
