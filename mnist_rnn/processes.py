"""The training process: how it is started, whether it is there, and why it ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from mnist_rnn.errors import UserError
from mnist_rnn.runs import not_kept

PROJECT = Path(__file__).parents[1]


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
