"""The training process: `python -m mnist_rnn.training.worker`, runs in on standard input.

A line is a lease (`Run.claim`) and the folder of the run, or PREPARE and the settings of a network
to build and compile ahead of need.

It trains them one after another and exits at end of input, so it outlives the app by no more than
the run at hand. Whatever takes long to start is started before the first run arrives. It trains on
this computer, or on a Ray cluster if the environment variable RAY_ADDRESS names one. All it knows
and says goes through the run folder.
"""

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.evaluation.calibration import finished
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card, Tensors
from mnist_rnn.places_to_train import CLUSTER
from mnist_rnn.progress import ChunkDone, EpochDone, Start, Steering
from mnist_rnn.runs import Run
from mnist_rnn.runs.ledger import best_epoch, last_epoch
from mnist_rnn.runs.metrics import resumption, steering_change, to_line
from mnist_rnn.runs.status import FINISHED, PAUSED, RUNNING, STOPPED, TESTING, Control
from mnist_rnn.runs.workers import PREPARE
from mnist_rnn.training.heartbeat import Heartbeat, log_to

NICENESS = 10
PAUSE_POLL_SECONDS = 0.1
PAUSED_ALONE_SECONDS = 600.0

Train = Callable[..., Iterator[ChunkDone | EpochDone]]
SaveModel = Callable[[Path, ModelConfig, Tensors], None]
_log = logging.getLogger(__name__)


class TrainingPlace(Protocol):
    """A place to train, one network at a time: `training/loop.py`, or a `Cluster`."""

    def warm_up(self) -> None: ...

    def prepare(self, model: ModelConfig, train: TrainConfig, /) -> Iterator[None]: ...

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


def main() -> None:
    """Train what standard input names, until it ends."""
    # Ctrl-C in the terminal is meant for the app; this process then ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    place = place_to_train()
    place.warm_up()
    lines: SimpleQueue[str] = SimpleQueue()
    app_gone = threading.Event()
    threading.Thread(target=_listen, args=(lines, app_gone), daemon=True).start()
    while line := lines.get():
        lease, _, what = line.partition(" ")
        if lease != PREPARE:
            work(Run(Path(what)), lease, place.train, place.save_keras, app_gone)
        elif lines.empty():  # Otherwise a run waits, or something else is wanted by now.
            _prepare(place, what, lines)


def _prepare(place: TrainingPlace, wanted: str, lines: SimpleQueue[str]) -> None:
    """Get ready for a training until another line comes; what is in the way, its run will tell."""
    try:
        model, train = json.loads(wanted)
        for _ in place.prepare(ModelConfig.from_dict(model), TrainConfig.from_dict(train)):
            if not lines.empty():
                return
    except Exception:
        _log.exception("Could not prepare %s", wanted)


def place_to_train() -> TrainingPlace:
    """The cluster that is named, or this computer."""
    if os.environ.get(CLUSTER):
        from mnist_rnn.training.cluster import Cluster  # noqa: PLC0415 - only where one is named

        return Cluster(os.environ[CLUSTER])
    from mnist_rnn.training import loop  # noqa: PLC0415 - only where it is trained

    return loop


def _listen(lines: SimpleQueue[str], app_gone: threading.Event) -> None:
    for line in sys.stdin:
        lines.put(line.rstrip("\n"))
    app_gone.set()
    lines.put("")


def work(
    run: Run, lease: str, train: Train, save_model: SaveModel, app_gone: threading.Event
) -> None:
    """Train one run from beginning to end; whatever goes wrong is said in its status.

    Nothing more is written or said once the `lease` does not hold any more.
    """
    with Heartbeat(run, lease) as heartbeat, log_to(run.log), heartbeat.telling():
        training = _Training(run, lease, heartbeat, app_gone)
        training.follow(train)
        training.finish(save_model)


@dataclass
class _Training:
    """One run under way: writes down what is reported, and asks the app between chunks."""

    run: Run
    lease: str
    heartbeat: Heartbeat
    app_gone: threading.Event
    asked: Steering = field(default_factory=Steering)
    control: Control = field(default_factory=Control)
    stopped: bool = False
    best: EpochDone | None = None
    epochs_done: int = 0

    def follow(self, train: Train) -> None:
        """Train until the last epoch is done or the app says stop; go on if it has begun before."""
        model, config = self.run.config()
        self.heartbeat.say(RUNNING)
        start = self._take_up()
        self._ask()
        if self.stopped:
            return
        self.run.must_be_mine(self.lease)
        with self.run.metrics.open("ab") as metrics:
            if metrics.tell():
                metrics.write(resumption(self.epochs_done, self.asked))
                metrics.flush()
            for event in train(model, config, steer=lambda: self.asked, start=start):
                if isinstance(event, EpochDone):
                    self._keep(event, Card(model, config, event.epoch))
                    self.epochs_done = event.epoch
                self.run.must_be_mine(self.lease)
                metrics.write(to_line(event))
                metrics.flush()
                if self._ask():
                    metrics.write(to_line(steering_change(event, self.asked)))
                if self.stopped:
                    break

    def finish(self, save_model: SaveModel) -> None:
        """Test the best epoch's reader on the 10,000 test images and write it out."""
        if self.best is None:
            self.heartbeat.say(STOPPED, "It was stopped before its first epoch was done.")
            return
        self.heartbeat.say(TESTING)
        model, config = self.run.config()
        tensors, card = finished(self.best.tensors, Card(model, config, self.best.epoch))
        self.run.must_be_mine(self.lease)
        weights.save(self.run.best, tensors, card)
        save_model(self.run.keras_model, model, tensors)
        self.heartbeat.say(STOPPED if self.stopped else FINISHED)

    def _take_up(self) -> Start | None:
        """Where a training that was interrupted goes on; None if it is to begin."""
        last = last_epoch(self.run)
        if last is None:
            return None
        self.best, self.epochs_done = best_epoch(self.run, last), last.epoch
        return Start(last.epoch, last.seconds, last.tensors)

    def _keep(self, done: EpochDone, card: Card) -> None:
        self.run.must_be_mine(self.lease)
        weights.save(self.run.snapshot(done.epoch), done.tensors, card)
        if self.best is None or done.validation_accuracy > self.best.validation_accuracy:
            weights.save(self.run.best, done.tensors, card)
            self.best = done

    def _ask(self) -> bool:
        """Do what the app asks, waiting while it says pause; True if the course was changed."""
        control = self._asked_for()
        if control.pauses(self.epochs_done):
            self.heartbeat.say(PAUSED)
            alone_since = time.monotonic()
            while control.pauses(self.epochs_done):
                time.sleep(PAUSE_POLL_SECONDS)
                control = self._asked_for()
                if not self.app_gone.is_set():
                    alone_since = time.monotonic()
                elif time.monotonic() - alone_since > PAUSED_ALONE_SECONDS:
                    self.stopped = True
                    break
            self.heartbeat.say(RUNNING)
        self.stopped |= control.state == STOPPED
        asked = Steering(control.learning_rate, control.epochs)
        changed, self.asked = asked != self.asked, asked
        return changed

    def _asked_for(self) -> Control:
        """What the app asks, or what it asked before for as long as that can't be read."""
        with suppress(OSError):
            self.run.must_be_mine(self.lease)
            self.control = self.run.control()
        return self.control


if __name__ == "__main__":
    main()
