"""What a worker says of a run: that it is alive, what went wrong, and its log."""

import errno
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from mnist_rnn.errors import UserError
from mnist_rnn.progress import Diverged, Interrupted, Lost
from mnist_rnn.runs import Run
from mnist_rnn.runs.status import FAILED, STARTING

HEARTBEAT_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Heartbeat:
    """Says where a run stands, again every second in a thread, while its worker's `lease` holds."""

    def __init__(self, run: Run, lease: str) -> None:
        self._run, self._lease = run, lease
        self._said = (STARTING, "", os.getpid(), False)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
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

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Whatever goes wrong meanwhile is said in the status, as far as the lease holds."""
        try:
            yield
        except Lost:
            _log.warning("Run %s is not this worker's any more", self._run.id)
        except (Diverged, UserError) as error:
            self.fail(str(error), final=True)
        except Interrupted as error:
            self.fail(str(error))
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            reason = "the disk is full" if full else error.strerror
            self.fail(f"The training could not write its results: {reason}.")
        except Exception as error:
            if _is_out_of_memory(error):
                self.fail("The computer ran out of memory; try fewer units or a smaller batch.")
                return
            _log.exception("Run %s failed", self._run.id)
            name = type(error).__name__
            self.fail(f"The training stopped on an unexpected error ({name}); see its log.txt.")

    def _beat(self) -> None:
        while not self._over.wait(HEARTBEAT_SECONDS):
            with self._lock:
                try:
                    self._write()
                except Lost:
                    return  # The training finds out before its next line.
                except OSError as error:
                    _log.error("No heartbeat for run %s: %s", self._run.id, error)


def _is_out_of_memory(error: Exception) -> bool:
    """Python's own error, NumPy's and TensorFlow's, told by name without importing TensorFlow."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"MemoryError", "ResourceExhaustedError"})


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Send standard output and error to a file, those of C++ code too."""
    try:
        file = path.open("ab")
    except OSError:
        yield  # a log is not worth a run
        return
    kept = [(fd, os.dup(fd)) for fd in (1, 2)]
    with file:
        for fd, _ in kept:
            os.dup2(file.fileno(), fd)
    try:
        yield
    finally:
        for fd, copy in kept:
            os.dup2(copy, fd)
            os.close(copy)
