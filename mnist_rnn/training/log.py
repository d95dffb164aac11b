"""What a training prints, in the log of its run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
