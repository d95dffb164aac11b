"""What is done to many runs at once."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mnist_rnn.errors import UserError
from mnist_rnn.keeping import delete
from mnist_rnn.owners import is_pinned
from mnist_rnn.runs import Run, list_runs
from mnist_rnn.states import QUEUED, STOPPED


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
