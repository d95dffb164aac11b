"""Whether a process is there, and why it ended."""

import os
import signal
import sys


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
