"""The readers that can be chosen: published ones, those that ship, and the newest of the others."""

from collections.abc import Iterable

from mnist_rnn.network.catalog import Entry, shipped
from mnist_rnn.runs import Run, runs_folder
from mnist_rnn.runs.access import may_watch
from mnist_rnn.runs.readers import offered_readers, run_called
from ui.visitor import visitor


def offered(wanted: Iterable[str] = ()) -> dict[str, Entry]:
    """The readers on offer by key, with those `wanted`, as far as they still exist."""
    root, now = runs_folder(), visitor()
    published, others = (
        [entry for entry in entries if may_watch(now, Run(root / entry.key))]
        for entries in offered_readers(set(wanted))
    )
    return {entry.key: entry for entry in (*published, *shipped(), *others)}


def by_key(names: Iterable[str]) -> list[str]:
    """The keys of readers that are named by key, or by a title from before somebody renamed them.

    Streamlit hands over what was shown when a choice is no longer called the same.
    """
    keys = ((run_called(name), name) for name in names)
    return list(dict.fromkeys(run.id if run else name for run, name in keys))
