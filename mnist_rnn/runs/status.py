"""Where a run stands, and what is asked of it."""

import math
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mnist_rnn.config import TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_json, replace_json

QUEUED, STARTING, RUNNING, PAUSED = "queued", "starting", "running", "paused"
TESTING, FINISHED, STOPPED, FAILED = "testing", "finished", "stopped", "failed"
ENDED = (FINISHED, STOPPED, FAILED)
STATES = (QUEUED, STARTING, RUNNING, PAUSED, TESTING, *ENDED)


@dataclass(frozen=True)
class Status:
    """Where a run stands. `heartbeat` is in seconds since 1970; `pid` is its worker's on `host`.

    `final` says that a training which failed would fail again if it went on.
    """

    state: str
    message: str = ""
    pid: int | None = None
    host: str = ""
    heartbeat: float = 0.0
    final: bool = False

    @property
    def ended(self) -> bool:
        return self.state in ENDED


STATUS = "status.json"
# Of a run that can't be read now: no file says so.
UNKNOWN = "unknown"
UNREADABLE = Status(FAILED, "The status of this run is missing or damaged.")


@dataclass(frozen=True)
class Control:
    """What the app asks of the worker; None leaves a value as configured.

    `pause_after` is how many epochs are to be done before it pauses by itself.
    """

    state: str = RUNNING
    learning_rate: float | None = None
    epochs: int | None = None
    pause_after: int | None = None

    def pauses(self, epochs_done: int) -> bool:
        """Whether a training is to wait once that many epochs are done."""
        due = self.pause_after is not None and epochs_done >= self.pause_after
        return self.state == PAUSED or (due and self.state == RUNNING)


CONTROL = "control.json"
# Beside the run folders, not in them: taking a lock would bring a deleted folder back.
CONTROL_LOCK = "control.lock"
_PATIENCE_SECONDS, _POLL_SECONDS = 5.0, 0.005
_STEERED = ("learning_rate", "epochs")
_threads = threading.Lock()


@dataclass(frozen=True)
class Steered:
    """A run by its folder: where it stands, and what is asked of it."""

    folder: Path

    def status(self) -> Status:
        """Where it stands; UNREADABLE if the file is missing or damaged. Raises OSError."""
        stored = read_json(self.folder / STATUS)
        try:
            status = Status(
                state=str(stored["state"]),
                message=str(stored.get("message", "")),
                pid=None if stored.get("pid") is None else int(stored["pid"]),
                host=str(stored.get("host", "")),
                heartbeat=float(stored.get("heartbeat", 0)),
                final=stored.get("final") is True,
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            return UNREADABLE
        # A heartbeat that is not a number would differ from itself, and seem to beat for ever.
        sound = status.state in STATES and math.isfinite(status.heartbeat)
        return status if sound else UNREADABLE

    def set_status(
        self, state: str, message: str = "", pid: int | None = None, final: bool = False
    ) -> None:
        """Say where it stands, with a fresh heartbeat; raises OSError if the disk fails."""
        status = Status(state, message, pid, socket.gethostname(), time.time(), final)
        replace_json(self.folder / STATUS, asdict(status))

    def control(self) -> Control:
        """What the app asks; a missing or damaged file asks for nothing. Raises OSError."""
        stored = read_json(self.folder / CONTROL)
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

    def steer(self, **changes: Any) -> None:
        """Change fields of `Control`; a run that was asked to stop can't be asked to go on.

        Raises UserError for a value out of range or if the disk fails.
        """
        TrainConfig.from_dict({k: v for k, v in changes.items() if k in _STEERED and v is not None})
        with alone_with(self.folder):
            control = self.control()
            if control.state == STOPPED:
                changes.pop("state", None)
            replace_json(self.folder / CONTROL, asdict(replace(control, **changes)))

    def let_it_run(self) -> None:
        """Forget that it was to pause or to stop; raises UserError if the disk fails."""
        with alone_with(self.folder):
            control = replace(self.control(), state=RUNNING, pause_after=None)
            replace_json(self.folder / CONTROL, asdict(control))


@contextmanager
def alone_with(folder: Path) -> Iterator[None]:
    """Between two looks at a run's files nobody else changes them: two tabs, or two apps.

    Raises UserError where others take too long, and for an OSError while it lasts.
    """
    busy = f"Run {folder.name} is being changed by someone else: try again."
    try:
        with alone(folder.parent / CONTROL_LOCK, _threads, busy):
            yield
    except OSError as error:
        raise UserError(f"Run {folder.name} can't be changed: {error.strerror}.") from error


@contextmanager
def alone(lock: Path, threads: threading.Lock, busy: str) -> Iterator[None]:
    """Hold the lock of a file and that of this process; raises UserError `busy` if others do."""
    try:
        with threads, FileLock(lock, _PATIENCE_SECONDS, poll_interval=_POLL_SECONDS):
            yield
    except Timeout as error:
        raise UserError(busy) from error
