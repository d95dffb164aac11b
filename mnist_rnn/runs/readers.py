"""The readers that were trained here, from the rows of their runs."""

from collections.abc import Collection, Iterable
from pathlib import Path

from mnist_rnn.config import READING_HEADS
from mnist_rnn.network.catalog import Entry
from mnist_rnn.runs.ledger import TAIL, RunRow
from mnist_rnn.runs.run import Run, list_ids, runs_folder

NEWEST_OFFERED = 5


def offered_readers(
    among: Iterable[RunRow], wanted: Collection[str] = ()
) -> tuple[list[Entry], list[Entry]]:
    """The published readers, and of the others the newest and those `wanted` by key or title.

    `key` is the run's id; the file may still turn out to be damaged when it is loaded. Both are in
    the order of the runs, newest first, and stay short however many runs a class has made. A run
    under way, whose reader is that of its best epoch so far, is on offer only where it is wanted.
    """
    published: list[Entry] = []
    others: list[Entry] = []
    for row in filter(_reads_rows, among):
        is_wanted = bool(wanted) and not {row.id, row.title}.isdisjoint(wanted)
        if not (is_wanted or row.status.ended):
            continue
        if row.label.published:
            published.append(_entry(row))
        elif is_wanted or len(others) < NEWEST_OFFERED:
            others.append(_entry(row))
    return published, others


def run_called(title: str, root: Path | None = None) -> Run | None:
    """The run that is or used to be called so; None if there is none, or more than one."""
    root = root or runs_folder()
    _, found, tail = title.rpartition(TAIL)
    matching = [run_id for run_id in list_ids(root) if run_id[-4:] == tail] if found else []
    return Run(root / matching[0]) if len(matching) == 1 else None


def _entry(row: RunRow) -> Entry:
    return Entry(row.id, row.title, row.run.best)


def _reads_rows(row: RunRow) -> bool:
    """Whether it has a reader of an image's rows; that of a damaged run may turn out to be one."""
    return row.has_reader and (row.config is None or row.config.model.head in READING_HEADS)
