"""The list of all runs with what came of them, read again only where a file has changed."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mnist_rnn.comparison import Config
from mnist_rnn.errors import UserError
from mnist_rnn.json_files import stamp
from mnist_rnn.labels import Label, read_label
from mnist_rnn.metrics import Curves, Metrics
from mnist_rnn.runs import Run, list_runs
from mnist_rnn.states import Status
from mnist_rnn.trained import run_title


@dataclass(frozen=True)
class Outcome:
    """What a training has come to: `seconds` of training, the best of the epochs done so far."""

    epochs: int = 0
    seconds: float = 0.0
    best_validation: float | None = None
    steered: bool = False


@dataclass(frozen=True)
class Line:
    """One run in the list; `config` is None if it is damaged, `test` None if it wasn't tested."""

    run: Run
    title: str
    label: Label
    status: Status
    config: Config | None
    outcome: Outcome
    test: float | None


def ledger(root: Path | None = None) -> list[Line]:
    """All runs, newest first."""
    return [line_of(run) for run in reversed(list_runs(root))]


def line_of(run: Run) -> Line:
    """What the list says of one run."""
    config = run.folder / "config.json"
    return Line(
        run,
        run_title(run),
        read_label(run.folder),
        run.status(),
        _config(run, stamp(config)),
        _outcome(run.metrics, stamp(run.metrics)),
        _tested(run, stamp(run.best)),
    )


def curves_of(run: Run) -> Curves:
    """A run's curves as far as it has come."""
    return _curves(run.metrics, stamp(run.metrics))


@lru_cache(maxsize=64)
def _curves(path: Path, changed: tuple[int, ...]) -> Curves:
    return Metrics(path).refresh().curves()


@lru_cache(maxsize=4096)
def _config(run: Run, changed: tuple[int, ...]) -> Config | None:
    try:
        return run.config()
    except UserError:
        return None


@lru_cache(maxsize=4096)
def _outcome(path: Path, changed: tuple[int, ...]) -> Outcome:
    metrics = Metrics(path, each_chunk=False).refresh()
    if not metrics.epochs:
        return Outcome(steered=bool(metrics.changes))
    best = max(epoch.validation_accuracy for epoch in metrics.epochs)
    last = metrics.epochs[-1]
    return Outcome(len(metrics.epochs), last.seconds, best, bool(metrics.changes))


@lru_cache(maxsize=4096)
def _tested(run: Run, changed: tuple[int, ...]) -> float | None:
    card = run.card() if changed else None
    return card.test_accuracy if card else None
