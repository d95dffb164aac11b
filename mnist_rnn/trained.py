"""The readers that were trained here, from their run folders."""

import time
from functools import lru_cache
from pathlib import Path

from mnist_rnn.catalog import Entry, model_title
from mnist_rnn.config import ModelConfig
from mnist_rnn.errors import UserError
from mnist_rnn.json_files import read_json, stamp
from mnist_rnn.runs import Run, list_runs


def trained_readers(root: Path | None = None) -> list[Entry]:
    """The best weights of every run that has ended with any, newest first; `key` is the run's id.

    A file may still turn out to be damaged when it is loaded.
    """
    ended = (run for run in reversed(list_runs(root)) if run.status().ended)
    return [Entry(run.id, run_title(run), run.best) for run in ended if run.best.is_file()]


def run_title(run: Run) -> str:
    """What a run is called: its network, when it was created, and the end of its id.

    Streamlit tells choices apart by what they are called, so no two runs are called the same, and
    a run is called the same for ever.
    """
    config = run.folder / "config.json"
    return _title(config, stamp(config))


@lru_cache(maxsize=4096)
def _title(config: Path, changed: tuple[int, ...]) -> str:
    """The title by the run's config.json; read again when that has `changed`."""
    run_id, stored = config.parent.name, read_json(config)
    try:
        name = model_title(ModelConfig.from_dict(stored["model"]))
        created = time.localtime(float(stored["created"]))
    except (UserError, KeyError, TypeError, ValueError, OverflowError, OSError):
        return f"Damaged run, {run_id}"
    return f"{name}, {time.strftime('%Y-%m-%d %H:%M', created)} · {run_id[-4:]}"
