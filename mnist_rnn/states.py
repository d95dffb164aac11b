"""Where a run stands, and what is asked of it."""

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mnist_rnn.json_files import read_json, stamp

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


UNREADABLE = Status(FAILED, "The status of this run is missing or damaged.")


def read_status(path: Path) -> Status:
    """What a status file says, UNREADABLE if it is missing or damaged; read when it changes."""
    changed = stamp(path)
    return _read_status(path, changed) if changed else UNREADABLE


@lru_cache(maxsize=4096)
def _read_status(path: Path, changed: tuple[int, ...]) -> Status:
    stored = read_json(path)
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
