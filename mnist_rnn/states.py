"""Where a run stands, and what is asked of it."""

from dataclasses import dataclass

QUEUED, STARTING, RUNNING, PAUSED = "queued", "starting", "running", "paused"
TESTING, FINISHED, STOPPED, FAILED = "testing", "finished", "stopped", "failed"
ENDED = (FINISHED, STOPPED, FAILED)
STATES = (QUEUED, STARTING, RUNNING, PAUSED, TESTING, *ENDED)


@dataclass(frozen=True)
class Status:
    """Where a run stands. `heartbeat` is in seconds since 1970; `pid` is its worker's on `host`."""

    state: str
    message: str = ""
    pid: int | None = None
    host: str = ""
    heartbeat: float = 0.0

    @property
    def ended(self) -> bool:
        return self.state in ENDED


UNREADABLE = Status(FAILED, "The status of this run is missing or damaged.")


@dataclass(frozen=True)
class Control:
    """What the app asks of the worker; None leaves a value as configured."""

    state: str = RUNNING
    learning_rate: float | None = None
    epochs: int | None = None
