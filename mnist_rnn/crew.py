"""The training processes of one app: hired when a run needs one, and known by their ids."""

import itertools
import socket
import subprocess
import threading
from pathlib import Path

from mnist_rnn.processes import start_process
from mnist_rnn.states import Status


class Crew:
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
