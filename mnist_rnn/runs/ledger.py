"""The list of all runs with what came of them, read again only where a file has changed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from mnist_rnn.config import READING_HEADS, Config, ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_json, replace_json, stamp
from mnist_rnn.network import weights
from mnist_rnn.progress import EpochDone
from mnist_rnn.runs.labels import Label, read_label
from mnist_rnn.runs.metrics import Curves, Metrics
from mnist_rnn.runs.readers import run_title
from mnist_rnn.runs.run import CONFIG, Run, list_runs
from mnist_rnn.runs.status import QUEUED, Status, let_it_run


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


@dataclass(frozen=True)
class Pair:
    """A many-to-one run and a many-to-many run, alike in every other setting and in the seed."""

    many_to_one: Run
    many_to_many: Run

    @property
    def runs(self) -> dict[str, Run]:
        """Both by their heads."""
        return {"many_to_one": self.many_to_one, "many_to_many": self.many_to_many}


def both_heads(model: ModelConfig, train: TrainConfig) -> list[Config]:
    """The two configurations of the experiment: these settings with either head."""
    return [(replace(model, head=head), train) for head in READING_HEADS]


def find_pair(run: Run, among: Iterable[Run]) -> Pair | None:
    """The run with its twin: of those that differ in the head alone, the one created next to it.

    `among` is oldest first, as `runs.list_runs` gives it, and holds the run itself.
    """
    listed = list(among)
    own = _config_of(run)
    if own is None or own[0].head not in READING_HEADS or run not in listed:
        return None
    twin_of = {config[0].head: config for config in both_heads(*own)}
    wanted = next(config for head, config in twin_of.items() if head != own[0].head)
    place = listed.index(run)
    twins = [
        (abs(i - place), other) for i, other in enumerate(listed) if _config_of(other) == wanted
    ]
    if not twins:
        return None
    _, twin = min(twins, key=lambda found: found[0])
    return Pair(run, twin) if own[0].head == "many_to_one" else Pair(twin, run)


def _config_of(run: Run) -> Config | None:
    return _read_config(run, stamp(run.folder / "config.json"))


@lru_cache(maxsize=4096)
def _read_config(run: Run, changed: tuple[int, ...]) -> Config | None:
    """What a run was started with, None if it is damaged; read again when its file changes."""
    try:
        return run.config()
    except UserError:
        return None


def last_epoch(run: Run) -> EpochDone | None:
    """The last epoch whose curve and weights are whole; None if there is no such epoch."""
    return next(filter(None, (_with_weights(run, done) for done in reversed(_reported(run)))), None)


def best_epoch(run: Run, last: EpochDone) -> EpochDone:
    """Of the epochs up to `last` whose weights are whole, the best by validation accuracy."""
    done = [epoch for epoch in _reported(run) if epoch.epoch < last.epoch]
    better = [epoch for epoch in done if epoch.validation_accuracy >= last.validation_accuracy]
    better.sort(key=lambda epoch: (-epoch.validation_accuracy, epoch.epoch))
    return next(filter(None, (_with_weights(run, epoch) for epoch in better)), last)


def queue_again(run: Run, turn: int) -> None:
    """Put a run back into the queue, at that turn; raises UserError or OSError if it can't be."""
    run.config()  # A damaged one can't go on.
    let_it_run(run.folder)
    replace_json(run.folder / CONFIG, {**read_json(run.folder / CONFIG), "turn": turn})
    run.release()
    run.set_status(QUEUED)


def _reported(run: Run) -> list[EpochDone]:
    return Metrics(run.metrics, each_chunk=False).refresh().epochs


def _with_weights(run: Run, done: EpochDone) -> EpochDone | None:
    """An epoch together with its snapshot; None if that is lost, damaged or of another network."""
    try:
        tensors, card = weights.load(run.snapshot(done.epoch))
        model, _ = run.config()
    except UserError:
        return None
    fits = card.model == model and card.epochs_done == done.epoch
    return replace(done, tensors=tensors) if fits else None
