"""A worker that writes what a real one writes, without training: `python -m tests.runs.stand_in`.

An epoch takes the SECONDS that are its argument; `stuck` instead is a training that never reports.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network.weights import Tensors
from mnist_rnn.progress import ChunkDone, EpochDone, Start, Steering
from mnist_rnn.training import heartbeat, worker
from tests.networks import random_tensors

CHUNKS = 4


class Pretended:
    """A place to train that needs no time to get ready."""

    def __init__(self, seconds: str) -> None:
        self._seconds = seconds

    def warm_up(self) -> None:
        """Nothing takes long to start."""

    def prepare(self, model: ModelConfig, train: TrainConfig) -> Iterator[None]:
        """Nothing is compiled: each half takes as long as an epoch, and its log names the units."""
        for half in ("first", "second"):
            time.sleep(float(self._seconds))
            print(half, model.units, flush=True)
            yield

    def train(
        self,
        model: ModelConfig,
        train: TrainConfig,
        *,
        steer: Callable[[], Steering],
        start: Start | None = None,
    ) -> Iterator[ChunkDone | EpochDone]:
        if self._seconds == "stuck":
            time.sleep(3600)
        for epoch in range((start.epoch if start else 0) + 1, train.epochs + 1):
            for chunk in range(1, CHUNKS + 1):
                time.sleep(float(self._seconds) / CHUNKS)
                yield ChunkDone(epoch, chunk * 250, 1000, epoch, 1.0, 0.5)
            by_timestep = (0.1,) * (model.timesteps - 1) + (0.5 + epoch / 10_000,)
            tensors = random_tensors(model, epoch)
            yield EpochDone(epoch, epoch, 0.001, 1.0, 0.5, 1.0, by_timestep, tensors)

    def save_keras(self, path: Path, config: ModelConfig, tensors: Tensors) -> None:
        path.write_bytes(bytes(1000))


def command(seconds: float | str) -> tuple[str, ...]:
    """What starts such a worker."""
    return (sys.executable, "-m", "tests.runs.stand_in", str(seconds))


if __name__ == "__main__":
    heartbeat.HEARTBEAT_SECONDS = 0.2
    worker.place_to_train = lambda: Pretended(sys.argv[1])
    worker.finished = lambda tensors, card: (tensors, card)
    worker.main()
