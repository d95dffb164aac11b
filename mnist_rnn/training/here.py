"""Training on the computer that this process runs on; imported by a process that trains only."""

from collections.abc import Callable, Iterator
from pathlib import Path

import keras

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.files import replacing
from mnist_rnn.network.weights import Tensors
from mnist_rnn.progress import ChunkDone, EpochDone, Start, Steering
from mnist_rnn.training import loop, models


class Here:
    """This computer as a place to train, one network at a time."""

    def warm_up(self) -> None:
        """Start TensorFlow ahead of need; to be called once, before anything else."""
        loop.warm_up()

    def train(
        self,
        model: ModelConfig,
        config: TrainConfig,
        *,
        steer: Callable[[], Steering] = Steering,
        start: Start | None = None,
    ) -> Iterator[ChunkDone | EpochDone]:
        """As `training.train`; what Keras kept of the network before is let go."""
        keras.utils.clear_session()
        return loop.train(model, config, steer=steer, start=start)

    def save_keras(self, path: Path, config: ModelConfig, tensors: Tensors) -> None:
        """Write weights as a Keras model, by atomic rename; raises OSError if the disk fails."""
        model = models.build(config, seed=0)
        models.assign(model, config, tensors)
        with replacing(path) as partial:
            model.save(partial)
