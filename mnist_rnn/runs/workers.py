"""The training processes of one app: hired when a run needs one, and known by their ids."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from mnist_rnn.config import Config
from mnist_rnn.errors import UserError
from mnist_rnn.runs.housekeeping import not_kept
from mnist_rnn.runs.ledger import RunRow
from mnist_rnn.runs.run import Run
from mnist_rnn.runs.status import Status

# What a line to a worker begins with that is about no run yet.
PREPARE = "prepare"
LONGEST_TICK_SECONDS, REAP_SECONDS = 2.0, 5.0


class Workers:
    """Worker processes, each with one run at a time; `command` starts one.

    What the first one prints goes to worker.log in `folder`, of the second to worker-2.log, ...
    """

    def __init__(self, command: tuple[str, ...], folder: Path) -> None:
        self._command, self._folder = command, folder
        self._members: dict[int, subprocess.Popen[str]] = {}
        self._at: dict[int, str] = {}
        self._hiring = threading.Lock()

    @property
    def members(self) -> list[subprocess.Popen[str]]:
        """Those that were hired, some of which may have died since."""
        return list(self._members.values())

    def hire(self, under_way: Iterable[Status] = ()) -> subprocess.Popen[str]:
        """A living worker that is at none of the runs `under_way`, started if there is none.

        Raises UserError if none can be started.
        """
        busy = {status.pid for status in under_way if status.host == socket.gethostname()}
        with self._hiring:
            for number, worker in list(self._members.items()):
                if worker.pid in busy:
                    continue
                if worker.poll() is None:
                    return worker
                del self._members[number]
            number = next(n for n in itertools.count(1) if n not in self._members)
            log = "worker.log" if number == 1 else f"worker-{number}.log"
            started = start_process(self._command, self._folder / log)
            self._members[number], self._at[started.pid] = started, ""
            return started

    def send(self, worker: subprocess.Popen[str], run: Run, lease: str) -> None:
        """Ask one of ours to train a run under this lease; raises BrokenPipeError if it is dead."""
        self._at[worker.pid] = run.id
        print(lease, run.folder.resolve(), file=worker.stdin, flush=True)

    def prepare(self, worker: subprocess.Popen[str], config: Config) -> None:
        """Ask one of ours to be ready for such a training; raises BrokenPipeError if it is dead."""
        settings = json.dumps([part.to_dict() for part in config])
        print(PREPARE, settings, file=worker.stdin, flush=True)

    def find(self, row: RunRow) -> subprocess.Popen[str] | None:
        """The one that trains this run, if it is one of ours."""
        status = row.status
        if status.host != socket.gethostname() or self._at.get(status.pid or 0) != row.id:
            return None
        return next((worker for worker in self.members if worker.pid == status.pid), None)

    def why_gone(self, row: RunRow) -> str:
        """What happened to the process that trains this run, nothing if it may be alive.

        Numbers are used again: one of ours that was never asked to train it is another process.
        """
        status = row.status
        if worker := self.find(row):
            code = worker.poll()
            return "" if code is None else why_ended(code)
        ours = any(worker.pid == status.pid for worker in self.members)
        here = status.host == socket.gethostname()
        gone = here and (ours or not process_exists(status.pid))
        return "The training was interrupted: its process is gone." if gone else ""

    def dismiss(self, row: RunRow) -> None:
        """End and forget the one that trains this run, if it is one of ours: dead, or silent."""
        with self._hiring:
            gone = self.find(row)
            self._members = {n: worker for n, worker in self._members.items() if worker is not gone}
        if gone is not None:
            gone.kill()  # Whatever gentler would wait in a process that is stopped.
            with suppress(subprocess.TimeoutExpired):
                gone.wait(REAP_SECONDS)

    def close(self) -> None:
        """Let each end after the run at hand."""
        for worker in self.members:
            # One that has died with a line unread: that line is written once more here.
            with suppress(BrokenPipeError):
                if worker.stdin:
                    worker.stdin.close()


class Signs:
    """For how long something of a run has been the same, by a clock of our own.

    The one that stamps heartbeats may be set back; and time in which this process itself did not
    look, for it was stopped, says nothing of others.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[str | float, float]] = {}
        self._looked, self._now = time.monotonic(), 0.0

    def look(self, live: Iterable[RunRow]) -> None:
        """Let the clock run on, and see how these runs stand now; all others are forgotten."""
        looked = time.monotonic()
        self._now += min(looked - self._looked, LONGEST_TICK_SECONDS)
        self._looked = looked
        past, self._seen = self._seen, {}
        for row in live:
            state, beat, asked = row.status.state, row.status.heartbeat, row.control.state
            for name, value in (("state", state), ("heartbeat", beat), ("asked", asked)):
                before, since = past.get((row.id, name), (None, 0.0))
                self._seen[row.id, name] = value, since if value == before else self._now

    def unchanged(self, row: RunRow, name: str) -> float:
        """The seconds since its "state", its "heartbeat" or what is "asked" of it has changed."""
        return self._now - self._seen[row.id, name][1]


PROJECT = Path(__file__).parents[2]


def start_process(command: tuple[str, ...], log: Path) -> subprocess.Popen[str]:
    """Start a command that reads lines from standard input; what it prints goes to a new `log`.

    Raises UserError if it can't be started, or if there is no place for the log.
    """
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        file = log.open("wb")
    except OSError as error:
        raise not_kept(log.parent, error) from error
    try:
        with file:
            return subprocess.Popen(
                command,
                cwd=PROJECT,
                env={**os.environ, "PYTHONUTF8": "1"},
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                encoding="utf-8",
            )
    except OSError as error:
        raise UserError(f"The training process can't be started: {error.strerror}.") from error


def why_ended(code: int) -> str:
    """A sentence on a process that ended with this exit status, negative for a signal."""
    if code >= 0:
        return f"The training process ended unexpectedly (exit status {code})."
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = ", perhaps because the computer ran out of memory" if name == "SIGKILL" else ""
    return f"The training process was killed ({name}){hint}."


def process_exists(pid: int | None) -> bool:
    """Whether this computer has such a process; where that can't be asked, True.

    Zero and negative numbers mean whole groups of processes, so they are never asked about.
    """
    if pid is None or pid <= 0:
        return False
    if sys.platform == "win32":  # os.kill would end it
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
