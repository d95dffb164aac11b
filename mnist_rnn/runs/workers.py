"""The training processes of one app: hired when a run needs one, and known by their ids."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from mnist_rnn.errors import UserError
from mnist_rnn.runs.housekeeping import not_kept
from mnist_rnn.runs.status import Status


class Workers:
    """Worker processes, each with one run at a time; `command` starts one.

    What the first one prints goes to worker.log in `folder`, of the second to worker-2.log, ...
    """

    def __init__(self, command: tuple[str, ...], folder: Path) -> None:
        self._command, self._folder = command, folder
        self._members: dict[int, subprocess.Popen[str]] = {}
        self._hiring = threading.Lock()

    @property
    def members(self) -> list[subprocess.Popen[str]]:
        """Those that were hired, some of which may have died since."""
        return list(self._members.values())

    def hire(self, busy: set[int | None]) -> subprocess.Popen[str]:
        """A living worker whose id is not among the `busy` ones, started if there is none.

        Raises UserError if none can be started.
        """
        with self._hiring:
            for number, worker in list(self._members.items()):
                if worker.pid in busy:
                    continue
                if worker.poll() is None:
                    return worker
                del self._members[number]
            number = next(n for n in itertools.count(1) if n not in self._members)
            log = "worker.log" if number == 1 else f"worker-{number}.log"
            self._members[number] = start_process(self._command, self._folder / log)
            return self._members[number]

    def find(self, status: Status) -> subprocess.Popen[str] | None:
        """The one that trains the run with this status, if it is one of ours."""
        if status.host != socket.gethostname():
            return None
        return next((worker for worker in self.members if worker.pid == status.pid), None)

    def dismiss(self, status: Status) -> None:
        """Forget the one that trained the run with this status: it is dead."""
        with self._hiring:
            gone = self.find(status)
            self._members = {n: worker for n, worker in self._members.items() if worker is not gone}

    def close(self) -> None:
        """Let each end after the run at hand."""
        for worker in self.members:
            if worker.stdin:
                worker.stdin.close()


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
