"""The readers that were trained here, from their run folders."""

import time
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from mnist_rnn.config import READING_HEADS, ModelConfig
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_json, stamp
from mnist_rnn.network.catalog import Entry, model_title
from mnist_rnn.runs.labels import read_label
from mnist_rnn.runs.run import Run, list_runs

NEWEST_OFFERED = 5
_BEFORE_TAIL = " · "


def trained_readers(root: Path | None = None) -> list[Entry]:
    """The readers of rows among the runs that have ended with weights, newest first.

    `key` is the run's id.

    A file may still turn out to be damaged when it is loaded.
    """
    return [
        Entry(run.id, run_title(run), run.best) for run in _with_weights(root) if run.status().ended
    ]


def offered_readers(
    wanted: Collection[str] = (), root: Path | None = None
) -> tuple[list[Entry], list[Entry]]:
    """The published readers, and of the others the newest and those `wanted` by key or title.

    Both newest first. So the list stays short however many runs a class has made. A run under way,
    whose reader is that of its best epoch so far, is on offer only where it is wanted.
    """
    published: list[Entry] = []
    others: list[Entry] = []
    for run in _with_weights(root):
        entry = Entry(run.id, run_title(run), run.best)
        is_wanted = not {entry.key, entry.title}.isdisjoint(wanted)
        if not (is_wanted or run.status().ended):
            continue
        if read_label(run.folder).published:
            published.append(entry)
        elif is_wanted or len(others) < NEWEST_OFFERED:
            others.append(entry)
    return published, others


def _with_weights(root: Path | None) -> list[Run]:
    newest_first = reversed(list_runs(root))
    return [run for run in newest_first if run.best.is_file() and _reads_rows(run)]


def _reads_rows(run: Run) -> bool:
    """Whether its network reads an image row by row; a damaged run may still turn out to."""
    config = run.folder / "config.json"
    return _head(config, stamp(config)) in (None, *READING_HEADS)


@lru_cache(maxsize=4096)
def _head(config: Path, changed: tuple[int, ...]) -> str | None:
    """The head in the run's config.json, None if it names none; read again when `changed`."""
    model = read_json(config).get("model")
    head = model.get("head") if isinstance(model, dict) else None
    return head if isinstance(head, str) else None


def run_title(run: Run) -> str:
    """What a run is called: its name, else its network and when it was created; then its tail.

    Streamlit tells choices apart by what they are called. The tail, the end of the run's id, keeps
    titles apart, and never changes: `run_called` finds a run by a title that it used to have.
    """
    config = run.folder / "config.json"
    tail = f"{_BEFORE_TAIL}{run.id[-4:]}"
    if name := read_label(run.folder).name:
        return f"{name}{tail}"
    return _title(config, stamp(config), tail)


def run_called(title: str, root: Path | None = None) -> Run | None:
    """The run that is or used to be called so; None if there is none, or more than one."""
    _, found, tail = title.rpartition(_BEFORE_TAIL)
    matching = [run for run in list_runs(root) if found and run.id[-4:] == tail]
    return matching[0] if len(matching) == 1 else None


@lru_cache(maxsize=4096)
def _title(config: Path, changed: tuple[int, ...], tail: str) -> str:
    """The title by the run's config.json; read again when that has `changed`."""
    run_id, stored = config.parent.name, read_json(config)
    try:
        name = model_title(ModelConfig.from_dict(stored["model"]))
        created = time.localtime(float(stored["created"]))
    except (UserError, KeyError, TypeError, ValueError, OverflowError, OSError):
        return f"Damaged run, {run_id}"
    return f"{name}, {time.strftime('%Y-%m-%d %H:%M', created)}{tail}"
