"""How many files and connections the app may have open at once: on macOS 256 unless it asks.

Streamlit takes four for each browser, and keeps three of them for each of the last 128 that left.
"""

import sys
from pathlib import Path

if sys.platform != "win32":  # which has no such limit
    import resource

WANTED = 4096
_NEAR = 7 / 8


def raise_limit() -> None:
    """Ask for WANTED open files, or for as many as the system allows, if it is fewer by now."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def few_left() -> str:
    """A sentence if nearly as many are open as may be, else nothing."""
    if sys.platform == "win32":
        return ""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY or _open_now(most) < _NEAR * most:
        return ""
    return (
        f"Nearly all of the {most} files are open that this computer allows the app at once, and "
        "each browser takes four: others may not get in. Close tabs that nobody looks at, or start "
        "the app again with a higher limit (ulimit -n)."
    )


def _open_now(most: int) -> int:
    """How many are open; `most` where not even that can be asked for want of another one."""
    try:
        return sum(1 for _ in Path("/dev/fd").iterdir())
    except OSError:
        return most
