"""What is done to many runs at once."""

import dataclasses
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mnist_rnn.errors import UserError
from mnist_rnn.files import stamp
from mnist_rnn.runs.access import is_pinned
from mnist_rnn.runs.labels import one_line, read_label, write_label
from mnist_rnn.runs.run import Run, list_runs
from mnist_rnn.runs.status import QUEUED, STOPPED, UNREADABLE


class SortedOut(NamedTuple):
    """All runs, by where they stand; pinned ones are not among the `ended`."""

    waiting: list[Run]
    under_way: list[Run]
    ended: list[Run]


def sorted_out(root: Path | None = None) -> SortedOut:
    """The runs in a folder as they stand now."""
    out = SortedOut([], [], [])
    for run in list_runs(root):
        status = run.status()
        if not status.ended:
            (out.waiting if status.state == QUEUED else out.under_way).append(run)
        elif not is_pinned(run):
            out.ended.append(run)
    return out


def stop_all(runs: Iterable[Run]) -> None:
    """Ask each of these to stop; raises UserError, after all were asked, if one can't be."""
    problems = []
    for run in runs:
        try:
            run.steer(state=STOPPED)
        except UserError as problem:
            problems.append(problem)
    if problems:
        raise problems[0]


def delete_all(runs: Iterable[Run]) -> None:
    """Remove each of these; raises UserError, after all were tried, if one can't be."""
    problems = []
    for run in runs:
        try:
            delete(run)
        except UserError as problem:
            problems.append(problem)
    if problems:
        raise problems[0]


# A worker renews the status of its run far more often than that.
_TORN_SECONDS = 60


def rename(run: Run, name: str) -> None:
    """Give a run a name, or take it away with an empty one.

    Raises UserError if another run has it, or if it can't be kept.
    """
    name = one_line(name)
    others = (other for other in list_runs(run.folder.parent) if other.id != run.id)
    if name and name.casefold() in {read_label(o.folder).name.casefold() for o in others}:
        raise UserError("Another run has this name: choose a different one.")
    write_label(run.folder, dataclasses.replace(read_label(run.folder), name=name))


def annotate(run: Run, note: str) -> None:
    """Keep a note with a run; raises UserError if it can't be kept."""
    write_label(run.folder, dataclasses.replace(read_label(run.folder), note=note))


def publish(run: Run, published: bool) -> None:
    """Pin a run's reader on the Draw page or unpin it; raises UserError if that can't be kept."""
    write_label(run.folder, dataclasses.replace(read_label(run.folder), published=published))


def why_not_deleted(run: Run) -> str:
    """A sentence on why this run can't be deleted now, or nothing if it can."""
    if is_torn(run):
        return "Its status can't be read for the moment. Try again in a minute."
    return "" if run.status().ended else "It is under way: stop it first, on the Train page."


def is_torn(run: Run) -> bool:
    """Whether its status can't be read now but may be soon, as a worker renews it."""
    changed = stamp(run.folder / "status.json")
    fresh = bool(changed) and abs(time.time() - changed[0] / 1e9) < _TORN_SECONDS
    return run.status() is UNREADABLE and fresh


def delete(run: Run) -> None:
    """Delete a run that has ended, at once for all who look; raises UserError if it can't be."""
    if reason := why_not_deleted(run):
        raise UserError(reason)
    doomed = run.folder.with_name(f".deleted-{run.id}")
    try:
        run.folder.replace(doomed)
        shutil.rmtree(doomed)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UserError(f"Run {run.id} can't be deleted: {error.strerror}.") from error
