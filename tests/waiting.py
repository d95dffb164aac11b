"""Waiting for other processes without guessing how long they take."""

import time
from collections.abc import Callable

LONGEST_SECONDS = 120.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Return as soon as the condition holds; fail, naming `what`, if it never does."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"never happened: {what}")
        time.sleep(0.02)
