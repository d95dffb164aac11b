"""Training on another computer: a Ray cluster as a place to train.

For the training process of the app and for the computers of the cluster, never for the app itself.
An actor, which is a process somewhere on the cluster, holds the same iterator of progress as a
training on this computer. It is asked for one report at a time and told the steering with each, so
a training that nobody asks stands still, as it does here: that is what pause is made of.
"""

import logging
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.files import replacing
from mnist_rnn.network.weights import Tensors
from mnist_rnn.progress import ChunkDone, EpochDone, Interrupted, Start, Steering

# From asking for a computer to one that has the project and TensorFlow in its memory.
PATIENCE_SECONDS = 120.0
CONNECT_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Trainer:
    """The cluster's side, in a process of its own there: one training at a time."""

    def __init__(self) -> None:
        from mnist_rnn.training import loop  # noqa: PLC0415 - TensorFlow, on the cluster only

        self._loop = loop
        loop.warm_up()
        self._steering = Steering()
        self._reports: Iterator[ChunkDone | EpochDone] = iter(())

    def ready(self) -> None:
        """Return, now that everything is imported."""

    def begin(self, model: ModelConfig, config: TrainConfig, start: Start | None) -> None:
        """Begin a training, and drop the one before; it goes on when it is asked to."""
        self._reports = self._loop.train(model, config, steer=lambda: self._steering, start=start)

    def proceed(self, steering: Steering) -> ChunkDone | EpochDone | None:
        """Train on, steered like this, until there is something to report; None at the end."""
        self._steering = steering
        return next(self._reports, None)

    def keras_file(self, config: ModelConfig, tensors: Tensors) -> bytes:
        """Weights as the contents of a Keras model's file."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.keras"
            self._loop.save_keras(path, config, tensors)
            return path.read_bytes()


class Cluster:
    """A Ray cluster, by its address, as a place to train: one network at a time.

    What can't be done for want of Ray or of the cluster raises UserError. Interrupted is raised
    when the computer that trains is lost, and when none is free.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._trainer: Any = None

    def warm_up(self) -> None:
        """Have a computer of the cluster get ready; what is in the way, the first run will tell."""
        with suppress(UserError):
            self._hire()

    def prepare(self, model: ModelConfig, config: TrainConfig) -> Iterator[None]:
        """Do nothing: nobody's computer is kept busy for what may never be trained."""
        return iter(())

    def train(
        self,
        model: ModelConfig,
        config: TrainConfig,
        *,
        steer: Callable[[], Steering] = Steering,
        start: Start | None = None,
    ) -> Iterator[ChunkDone | EpochDone]:
        """As `loop.train`: the same reports and the same errors."""
        trainer = self._ready_trainer()
        self._answer(trainer.begin.remote(model, config, start))
        while report := self._answer(trainer.proceed.remote(steer())):
            yield report

    def save_keras(self, path: Path, config: ModelConfig, tensors: Tensors) -> None:
        """Write weights as a Keras model, by atomic rename; raises OSError if the disk fails."""
        contents = self._answer(self._ready_trainer().keras_file.remote(config, tensors))
        with replacing(path) as partial:
            partial.write_bytes(contents)

    def _ready_trainer(self) -> Any:
        """An actor that answers; one that was lost while nobody asked for it is replaced."""
        with suppress(_Lost):
            return self._answering_trainer()
        return self._answering_trainer()

    def _answering_trainer(self) -> Any:
        self._hire()
        self._answer(self._trainer.ready.remote(), PATIENCE_SECONDS)
        return self._trainer

    def _hire(self) -> None:
        """Ask the cluster for an actor if there is none, without waiting for it."""
        if self._trainer is None:
            ray = self._connected()
            # Spread: to the computer with the least to do, not one after another filled up.
            actor = ray.remote(num_cpus=1, scheduling_strategy="SPREAD")(Trainer)
            self._trainer = actor.remote()

    def _connected(self) -> Any:
        """The module `ray`, connected; this package travels to the cluster with its images."""
        try:
            import ray  # noqa: PLC0415 - need not be there
        except ImportError as error:
            raise UserError(
                "RAY_ADDRESS names a cluster, but Ray is not installed: pip install -r "
                "requirements-cluster.txt"
            ) from error
        if not ray.is_initialized():
            package = {"py_modules": [str(Path(__file__).parents[1])]}
            try:
                _must_listen(self._address)
                ray.init(self._address, runtime_env=package)
            except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
                _log.exception("No connection to the cluster at %s", self._address)
                raise UserError(
                    f"The cluster at {self._address} can't be used ({type(error).__name__}): is it "
                    "running, and is RAY_ADDRESS right?"
                ) from error
        return ray

    def _answer(self, reference: Any, patience: float | None = None) -> Any:
        """What the actor answers or raises; one that can't be asked is given up."""
        from ray import exceptions, get  # noqa: PLC0415 - Ray may be missing

        try:
            return get(reference, timeout=patience)
        except exceptions.RayTaskError as error:
            raise error.cause from error
        except exceptions.GetTimeoutError as error:
            self._trainer = None
            raise Interrupted(
                f"No computer of the cluster was free for {patience:.0f} seconds."
            ) from error
        except exceptions.RayError as error:
            self._trainer = None
            _log.exception("The cluster did not answer")
            if isinstance(error, exceptions.RayActorError) and not error.actor_init_failed:
                raise _Lost("The computer that trained it was lost.") from error
            raise UserError(
                f"No computer of the cluster can train it ({type(error).__name__}); see log.txt."
            ) from error


def _must_listen(address: str) -> None:
    """Raise OSError if nobody listens at this host and port: Ray would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()


class _Lost(Interrupted):
    """The actor's computer, or its process there, is gone."""
