"""The worker's sign of life in the status of a run."""

import logging
import os
import threading
from types import TracebackType
from typing import Self

from mnist_rnn.progress import Lost
from mnist_rnn.runs import Run
from mnist_rnn.runs.status import FAILED, STARTING

HEARTBEAT_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Heartbeat:
    """Says where a run stands, and repeats it every second in a thread of its own.

    Only as long as its worker's `lease` holds.
    """

    def __init__(self, run: Run, lease: str) -> None:
        self._run, self._lease = run, lease
        self._said = (STARTING, "", os.getpid(), False)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def say(self, state: str, message: str = "", final: bool = False) -> None:
        """Change the status; raises OSError if the disk fails, Lost if the run is another's."""
        with self._lock:
            self._said = (state, message, os.getpid(), final)
            self._write()

    def _write(self) -> None:
        self._run.must_be_mine(self._lease)
        self._run.set_status(*self._said)

    def fail(self, message: str, final: bool = False) -> None:
        """Say that the run has failed and what is left of it; a disk that fails is logged.

        `final` says that it would fail again if it went on.
        """
        try:
            self.say(FAILED, f"{message} {self._run.what_is_left()}", final)
        except OSError as error:
            _log.error("The status of run %s could not be written: %s", self._run.id, error)
        except Lost:
            _log.error("Run %s is another's, so nobody is told: %s", self._run.id, message)

    def _beat(self) -> None:
        while not self._over.wait(HEARTBEAT_SECONDS):
            with self._lock:
                try:
                    self._write()
                except Lost:
                    return  # The training finds out before its next line.
                except OSError as error:
                    _log.error("No heartbeat for run %s: %s", self._run.id, error)
