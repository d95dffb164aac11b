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
    """Whether this computer has such a process; where that can't be asked, True."""
    if pid is None:
        return False
    if sys.platform == "win32":  # os.kill would end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
