"""What the worker asks of a place to train: of this computer, or of a cluster."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network.weights import Tensors
from mnist_rnn.progress import ChunkDone, EpochDone, Start, Steering


class Place(Protocol):
    """A place to train, one network at a time: `training/loop.py`, or a `Cluster`."""

    def warm_up(self) -> None: ...

    def prepare(self, model: ModelConfig, train: TrainConfig, /) -> None: ...

    def train(
        self,
        model: ModelConfig,
        config: TrainConfig,
        /,
        *,
        steer: Callable[[], Steering] = ...,
        start: Start | None = ...,
    ) -> Iterator[ChunkDone | EpochDone]: ...

    def save_keras(self, path: Path, config: ModelConfig, tensors: Tensors, /) -> None: ...
