"""The readers that were trained here, from their run folders."""

import time
from pathlib import Path

from mnist_rnn.catalog import Entry, model_title
from mnist_rnn.errors import UserError
from mnist_rnn.json_files import read_json
from mnist_rnn.runs import Run, list_runs


def trained_readers(root: Path | None = None) -> list[Entry]:
    """The best weights of every run that has ended with any, newest first; `key` is the run's id.

    A file may still turn out to be damaged when it is loaded.
    """
    ended = (run for run in reversed(list_runs(root)) if run.status().ended)
    return [Entry(run.id, run_title(run), run.best) for run in ended if run.best.is_file()]


def run_title(run: Run) -> str:
    """What a run is called: its network, and when it was created, in local time."""
    try:
        name = model_title(run.config()[0])
    except UserError:
        name = "Damaged run"
    return f"{name}, {_created(run)}"


def _created(run: Run) -> str:
    try:
        created = time.localtime(float(read_json(run.folder / "config.json")["created"]))
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return run.id
    today = created[:3] == time.localtime()[:3]
    return time.strftime("%H:%M:%S" if today else "%Y-%m-%d %H:%M", created)
