"""What is done to run folders from outside: made, named, told to stop, and cleared away."""

import dataclasses
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from mnist_rnn.config import ModelConfig, TrainConfig, check_pair
from mnist_rnn.errors import UserError
from mnist_rnn.files import replace_json, stamp
from mnist_rnn.network import weights
from mnist_rnn.runs.labels import one_line
from mnist_rnn.runs.ledger import RunRow, row_of, rows
from mnist_rnn.runs.run import CONFIG, Run, list_ids, runs_folder
from mnist_rnn.runs.status import CONTROL, QUEUED, STATUS, STOPPED, UNREADABLE, Control

_MOST_BYTES = 2**30
_FORMAT, _LENGTH = "%Y%m%d-%H%M%S-%f", 22


def create(
    model: ModelConfig, train: TrainConfig, root: Path | None = None, owner: str = "", turn: int = 0
) -> Run:
    """A new run in the queue, of an owner by fingerprint and with the number of its turn.

    Raises UserError if the folder can't be written, for a training too large for a computer, and
    for a network that can't be trained that way.
    """
    check_pair(model, train)
    needed = weights.training_bytes(model, train.batch_size)
    if needed > _MOST_BYTES:
        raise UserError(
            f"This training would need more than {needed / 2**30:.1f} GB of memory: choose fewer "
            "units, fewer filters or a smaller batch."
        )
    config = {"owner": owner, "turn": turn, "model": model.to_dict(), "train": train.to_dict()}
    return new_run(root or runs_folder(), config, lambda run: run.set_status(QUEUED))


def new_run(root: Path, config: Mapping[str, Any], fill: Callable[[Run], None]) -> Run:
    """A run whose folder is there for all once it is filled.

    Raises UserError, as `fill` may, if the folder can't be written.
    """
    run = Run(root / _next_id(next(reversed(list_ids(root)), None)))
    fresh = Run(root / f".new-{run.id}")
    try:
        (fresh.folder / "epochs").mkdir(parents=True)
        replace_json(fresh.folder / CONFIG, {"created": time.time(), **config})
        replace_json(fresh.folder / CONTROL, dataclasses.asdict(Control()))
        fill(fresh)
        fresh.folder.replace(run.folder)
    except OSError as error:
        raise not_kept(root, error) from error
    finally:
        shutil.rmtree(fresh.folder, ignore_errors=True)
    return run


def _next_id(newest: str | None) -> str:
    """An id of this moment in UTC, but later than the `newest` run's if the clock was set back."""
    now = datetime.fromtimestamp(time.time(), UTC)
    if newest and (before := _created(newest)):
        now = max(now, before + timedelta(microseconds=1))
    return f"{now.strftime(_FORMAT)}-{secrets.token_hex(4)}"


def _created(run_id: str) -> datetime | None:
    """When the run was created; None if it is called by no date that there is."""
    try:
        created = datetime.strptime(run_id[:_LENGTH], _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return created if created.year < datetime.max.year else None


def not_kept(root: Path, error: OSError) -> UserError:
    """The sentence on a folder in which no training can be kept."""
    return UserError(
        f"Trainings can't be kept in {root}: {error.strerror}. Make room there, or name another "
        "folder in MNIST_RNN_RUNS."
    )


class SortedOut(NamedTuple):
    """All runs that can be read, by where they stand; pinned ones are not among the `ended`."""

    waiting: list[RunRow]
    under_way: list[RunRow]
    ended: list[RunRow]


def sorted_out(among: Iterable[RunRow]) -> SortedOut:
    out = SortedOut([], [], [])
    for row in among:
        if row.problem:
            continue
        if not row.status.ended:
            (out.waiting if row.status.state == QUEUED else out.under_way).append(row)
        elif not row.label.pinned:
            out.ended.append(row)
    return out


def stop_all(runs: Iterable[Run]) -> None:
    """Ask each of these to stop; raises UserError, after all were asked, if one can't be."""
    _each(lambda run: run.steer(state=STOPPED), runs)


def delete_all(runs: Iterable[Run]) -> None:
    """Remove each of these; raises UserError, after all were tried, if one can't be."""
    _each(delete, runs)


def _each(act: Callable[[Run], None], runs: Iterable[Run]) -> None:
    problems = []
    for run in runs:
        try:
            act(run)
        except UserError as problem:
            problems.append(problem)
    if problems:
        raise problems[0]


# A worker renews the status of its run far more often than that.
_TORN_SECONDS = 60


def rename(run: Run, name: str) -> None:
    """Give a run a name, or none; raises UserError if another has it, or if it can't be kept."""
    name = one_line(name)
    others = (row.label.name for row in rows(run.folder.parent) if row.id != run.id)
    if name and name.casefold() in map(str.casefold, others):
        raise UserError("Another run has this name: choose a different one.")
    run.mark(name=name)


def why_not_deleted(row: RunRow) -> str:
    """A sentence on why this run can't be deleted now, or nothing if it can."""
    if row.problem:
        return row.problem
    if row.label.pinned:
        return "This run is pinned: the teacher has to unpin it before it can go."
    if is_torn(row):
        return "Its status can't be read for the moment. Try again in a minute."
    return "" if row.status.ended else "It is under way: stop it first, on the Train page."


def is_torn(row: RunRow) -> bool:
    """Whether its status can't be read now but may be soon, as a worker renews it."""
    if row.status is not UNREADABLE:
        return False
    changed = stamp(row.run.folder / STATUS)
    return bool(changed) and abs(time.time() - changed[0] / 1e9) < _TORN_SECONDS


def delete(run: Run) -> None:
    """Delete a run that has ended, at once for all who look; raises UserError if it can't be."""
    if reason := why_not_deleted(row_of(run)):
        raise UserError(reason)
    doomed = run.folder.with_name(f".deleted-{run.id}")
    try:
        run.folder.replace(doomed)
        shutil.rmtree(doomed)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UserError(f"Run {run.id} can't be deleted: {error.strerror}.") from error
