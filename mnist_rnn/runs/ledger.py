"""All runs, by what their folders say: read once, and again only where something has changed."""

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from mnist_rnn.config import Config
from mnist_rnn.errors import UserError
from mnist_rnn.files import Stamp, has_settled, read_json, read_when_changed, stamp
from mnist_rnn.network.catalog import model_title
from mnist_rnn.network.weights import Card
from mnist_rnn.progress import EpochDone
from mnist_rnn.runs.labels import LABEL, MARKS, Label, read_label
from mnist_rnn.runs.metrics import Curves, Metrics
from mnist_rnn.runs.run import BEST, CLAIM, CONFIG, Run, list_ids, runs_folder, usable_weights
from mnist_rnn.runs.status import QUEUED, UNKNOWN, UNREADABLE, Control, Status

# Between a run's title and the end of its id, which keeps titles apart.
TAIL = " · "


@dataclass(frozen=True)
class Results:
    """What a training has come to: `seconds` of training, the best of the epochs done so far."""

    epochs: int = 0
    seconds: float = 0.0
    best_validation: float | None = None
    steered: bool = False


@dataclass(frozen=True)
class RunRow:
    """What a run's folder says at one moment, read once and handed down.

    `config` is None if it is damaged; `owner` is a fingerprint, empty if nobody is known to have
    started it; `turn` is its number in the queue, smaller ones first; `imported`: it was trained
    elsewhere; `files` are the names in the folder, None if that is gone.
    A run that can't be read now says why in `problem`. Then nothing is known of it: it has neither
    ended nor failed, and nobody may watch it, change it or delete it.
    """

    run: Run
    status: Status
    problem: str = ""
    config: Config | None = None
    owner: str = ""
    turn: int = 0
    imported: bool = False
    created: float | None = None
    control: Control = field(default_factory=Control)
    label: Label = field(default_factory=Label)
    files: frozenset[str] | None = None

    @property
    def id(self) -> str:
        return self.run.id

    @property
    def claimed(self) -> bool:
        """Whether its turn has come."""
        return CLAIM in (self.files or ())

    @property
    def has_reader(self) -> bool:
        """Whether there are weights, which may still turn out to be damaged."""
        return BEST in (self.files or ())

    @property
    def is_live(self) -> bool:
        """Whether there may be more to see soon: a status that can't be read may be torn."""
        return not self.status.ended or (self.status is UNREADABLE and self.files is not None)

    @cached_property
    def rests(self) -> bool:
        """Whether it waits, paused: it has no turn until it is to go on. Raises OSError."""
        return self.status.state == QUEUED and self.control.pauses(self.results.epochs)

    @cached_property
    def title(self) -> str:
        """What the run is called: its name, else its network and when it was created; its tail.

        Streamlit tells choices apart by what they are called. The tail, the end of the id, keeps
        titles apart, and never changes: `run_called` finds a run by a title that it used to have.
        """
        tail = f"{TAIL}{self.id[-4:]}"
        if self.label.name:
            return f"{self.label.name}{tail}"
        if self.config is None or self.created is None:
            return f"Damaged run, {self.id}"
        created = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.created))
        return f"{model_title(self.config.model)}, {created}{tail}"

    @cached_property
    def card(self) -> Card | None:
        """What is known about its best weights, None without any of use; OSError if unreadable."""
        return self.run.card() if self.has_reader else None

    @cached_property
    def results(self) -> Results:
        """What its training has come to; raises OSError if that can't be read."""
        metrics = Metrics(self.run.metrics, each_chunk=False).refresh()
        if not metrics.epochs:
            return Results(steered=bool(metrics.changes))
        best = max(epoch.validation_accuracy for epoch in metrics.epochs)
        last = metrics.epochs[-1]
        return Results(last.epoch, last.seconds, best, bool(metrics.changes))


def rows(root: Path | None = None) -> list[RunRow]:
    """All runs as they stand now, oldest first; raises UserError if the folder can't be listed."""
    return _ledger(root or runs_folder()).rows()


def row_of(run: Run) -> RunRow:
    """What a run's folder says now."""
    return _ledger(run.folder.parent).row(run.id)


def why_incomplete(among: Iterable[RunRow]) -> str:
    """A sentence on the runs that can't be read now, or nothing if all can be."""
    problems = [row.problem for row in among if row.problem]
    if len(problems) < 2:
        return "".join(problems)
    return f"{len(problems)} runs can't be read now. {problems[-1]}"


class _Ledger:
    """The rows of one folder of runs, each until its run's folder is touched.

    All that changes in a run's folder is replaced by rename, and so touches it, but for the metrics
    and the log of a run under way; and the status of such a run is replaced every second.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept: dict[str, tuple[Stamp, RunRow]] = {}
        # So that a class which comes at once to a long list reads it once.
        self._looking = Lock()

    def rows(self) -> list[RunRow]:
        with self._looking:
            ids = list_ids(self._root)
            for gone in self._kept.keys() - set(ids):
                self._kept.pop(gone, None)
            return [self.row(run_id) for run_id in ids]

    def row(self, run_id: str) -> RunRow:
        stamped, row = self._kept.get(run_id, ((), None))
        run = row.run if row else Run(self._root / run_id)
        try:
            now = stamp(run.folder)
            if row and now == stamped:
                return row
            settled, row = has_settled(now), _read(run)
        except OSError as error:
            problem = f"Run {run_id} can't be read now: {error.strerror}."
            return RunRow(run, Status(UNKNOWN, problem), problem)
        if settled:
            self._kept[run_id] = now, row
        return row


_ledger = cache(_Ledger)


def _read(run: Run) -> RunRow:
    """What its folder says; raises OSError if it can't be read."""
    try:
        with os.scandir(run.folder) as entries:
            files = frozenset(entry.name for entry in entries)
    except FileNotFoundError:
        return RunRow(run, UNREADABLE)
    stored = read_json(run.folder / CONFIG)
    owner, turn = stored.get("owner"), stored.get("turn")
    return RunRow(
        run,
        run.status(),
        config=_config(run, stored),
        owner=owner if isinstance(owner, str) and owner.isascii() else "",
        turn=turn if isinstance(turn, int) else 0,
        imported=stored.get("imported") is True,
        created=_moment(stored.get("created")),
        control=run.control(),
        label=read_label(run.folder) if files & {LABEL, MARKS} else Label(),
        files=files,
    )


def _config(run: Run, stored: Mapping[str, Any]) -> Config | None:
    try:
        return run.parse_config(stored)
    except UserError:
        return None


def _moment(created: Any) -> float | None:
    """The seconds since 1970 if there is such a date, else None."""
    try:
        time.localtime(float(created))
        return float(created)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def curves_of(run: Run) -> Curves:
    """A run's curves as far as it has come; raises OSError if they can't be read."""
    return _curves(run.metrics)


@read_when_changed
@lru_cache(maxsize=64)
def _curves(path: Path, _stamped: Stamp) -> Curves:
    return Metrics(path).refresh().curves()


def last_epoch(run: Run) -> EpochDone | None:
    """The last epoch whose curve and weights are whole; None if there is no such epoch.

    Raises OSError if they can't be read.
    """
    return next(filter(None, (_with_weights(run, done) for done in reversed(_reported(run)))), None)


def best_epoch(run: Run, last: EpochDone) -> EpochDone:
    """Of the epochs up to `last` whose weights are whole, the best by validation accuracy."""
    done = [epoch for epoch in _reported(run) if epoch.epoch < last.epoch]
    better = [epoch for epoch in done if epoch.validation_accuracy >= last.validation_accuracy]
    better.sort(key=lambda epoch: (-epoch.validation_accuracy, epoch.epoch))
    return next(filter(None, (_with_weights(run, epoch) for epoch in better)), last)


def _reported(run: Run) -> list[EpochDone]:
    return Metrics(run.metrics, each_chunk=False).refresh().epochs


def _with_weights(run: Run, done: EpochDone) -> EpochDone | None:
    """An epoch together with its snapshot; None if that is lost, damaged or of another network."""
    usable = usable_weights(run.snapshot(done.epoch))
    config = _config(run, read_json(run.folder / CONFIG))
    if usable is None or config is None:
        return None
    tensors, card = usable
    fits = card.model == config.model and card.epochs_done == done.epoch
    return replace(done, tensors=tensors) if fits else None
