"""What the app asks of a run, `control.json`: changed by one page at a time, whoever serves it."""

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mnist_rnn.config import TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.json_files import read_json, replace_json
from mnist_rnn.states import PAUSED, RUNNING, STOPPED, Control

CONTROL = "control.json"
# Beside the run folders, not in them: taking a lock would bring a deleted folder back.
LOCK = "control.lock"
_PATIENCE_SECONDS, _POLL_SECONDS = 5.0, 0.005
_STEERED = ("learning_rate", "epochs")
_threads = threading.Lock()


def read_control(folder: Path) -> Control:
    """What is asked of the run in this folder; a missing or damaged file asks for nothing."""
    stored = read_json(folder / CONTROL)
    state = stored.get("state")
    steered = {name: stored[name] for name in _STEERED if stored.get(name) is not None}
    try:
        TrainConfig.from_dict(steered)
    except UserError:
        steered = {}
    pause_after = stored.get("pause_after")
    return Control(
        state if state in (PAUSED, STOPPED) else RUNNING,
        **steered,
        pause_after=pause_after if type(pause_after) is int else None,
    )


def change_control(folder: Path, **changes: Any) -> None:
    """Change fields of `Control`; a run that was asked to stop can't be asked to go on.

    Raises UserError for a value out of range or if the disk fails.
    """
    TrainConfig.from_dict({k: v for k, v in changes.items() if k in _STEERED and v is not None})
    with _alone(folder):
        control = read_control(folder)
        if control.state == STOPPED:
            changes.pop("state", None)
        _write(folder, dataclasses.replace(control, **changes))


def let_it_run(folder: Path) -> None:
    """Forget that the run was to pause or to stop; raises UserError if the disk fails."""
    with _alone(folder):
        control = read_control(folder)
        _write(folder, dataclasses.replace(control, state=RUNNING, pause_after=None))


def _write(folder: Path, control: Control) -> None:
    replace_json(folder / CONTROL, dataclasses.asdict(control))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Between two looks at the file nobody else changes it: two tabs, or two apps on one folder."""
    try:
        lock = FileLock(folder.parent / LOCK, _PATIENCE_SECONDS, poll_interval=_POLL_SECONDS)
        with _threads, lock:
            yield
    except Timeout as error:
        raise UserError(
            f"Run {folder.name} is being steered by someone else: try again."
        ) from error
    except OSError as error:
        raise UserError(f"Run {folder.name} can't be steered: {error.strerror}.") from error
