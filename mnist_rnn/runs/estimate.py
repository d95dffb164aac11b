"""How long a training takes: from its arithmetic, corrected by the runs that were done here."""

import statistics
from functools import lru_cache
from pathlib import Path

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.files import stamp
from mnist_rnn.network import weights
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.run import Run, list_runs
from mnist_rnn.runs.status import QUEUED, STARTING, TESTING

# Two cores of a server, measured: multiplications a second, and the cost of starting a timestep
# counted as some more of them.
_WORK_A_SECOND = 2.5e10
_TIMESTEP_WORK = 2e5
# How many times as long as without it the same arithmetic takes there with a CNN.
_CONVOLUTIONS = 2.2
_START_SECONDS, _TEST_SECONDS = 3.0, 2.0
_MOST_REMEMBERED = 5

Kind = tuple[str, str, str]


class Speeds:
    """How fast trainings were in a folder of runs, as it is when this is made."""

    def __init__(self, root: Path | None = None) -> None:
        self._ratios: dict[Kind, list[float]] = {}
        for run in reversed(list_runs(root)):
            if run.status().ended and (taken := _taken(run.folder, stamp(run.metrics))):
                kind, ratio = taken
                self._ratios.setdefault(kind, []).append(ratio)

    def seconds_left(self, run: Run) -> float | None:
        """Until a run that waits or is under way has ended; None if its settings are damaged."""
        settings, state = (
            _settings(run.folder, stamp(run.folder / "config.json")),
            run.status().state,
        )
        if settings is None:
            return None
        if state == TESTING:
            return _TEST_SECONDS
        model, train = settings
        waits = state in (QUEUED, STARTING)
        epochs = train.epochs if waits else run.control().epochs or train.epochs
        # One that waits has something done already if it was interrupted before.
        done, left = _progress(run.metrics, epochs, stamp(run.metrics))
        if waits or left is None:
            left = (1 - done) * epochs * self._epoch(model, train)
        return (_START_SECONDS if waits else 0.0) + left + _TEST_SECONDS

    def _epoch(self, model: ModelConfig, train: TrainConfig) -> float:
        """Seconds by arithmetic, times what the last runs alike took in proportion to theirs."""
        ratios = self._ratios.get(_kind(model), [1.0])[:_MOST_REMEMBERED]
        return _by_arithmetic(model, train) * statistics.median(ratios)


def in_words(seconds: float) -> str:
    """A length of time as one would say it."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 60:
        return f"about {minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"about {hours} h {minutes} min"


def _by_arithmetic(model: ModelConfig, train: TrainConfig) -> float:
    steps = train.train_images / train.batch_size
    work = train.batch_size * weights.parameter_count(model) + _TIMESTEP_WORK
    factor = _CONVOLUTIONS if model.backbone == "cnn_rnn" else 1.0
    return factor * steps * model.timesteps * work / _WORK_A_SECOND


def _kind(model: ModelConfig) -> Kind:
    return model.backbone, model.cell, model.order


@lru_cache(maxsize=4096)
def _settings(folder: Path, changed: tuple[int, ...]) -> tuple[ModelConfig, TrainConfig] | None:
    """What a run was created with; None if that is damaged."""
    try:
        return Run(folder).config()
    except UserError:
        return None


@lru_cache(maxsize=1024)
def _taken(folder: Path, changed: tuple[int, ...]) -> tuple[Kind, float] | None:
    """The kind of an ended run, and its time to that by arithmetic; None without an epoch."""
    epochs = Metrics(folder / "metrics.jsonl").refresh().epochs
    settings = _settings(folder, stamp(folder / "config.json"))
    if settings is None or not epochs or epochs[-1].seconds <= 0 or epochs[-1].epoch < 1:
        return None
    model, train = settings
    a_second = epochs[-1].seconds / epochs[-1].epoch
    return _kind(model), a_second / _by_arithmetic(model, train)


@lru_cache(maxsize=16)
def _progress(metrics: Path, epochs: int, changed: tuple[int, ...]) -> tuple[float, float | None]:
    """The fraction done and, if that can be told yet, the seconds left of a run under way."""
    progress = Metrics(metrics).refresh().progress(epochs)
    return progress.fraction, progress.seconds_left
