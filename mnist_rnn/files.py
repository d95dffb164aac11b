"""Files that one process replaces while others read them."""

import errno
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

LARGEST_BYTES = 2**18
# The coarsest clock that stamps files, FAT's, ticks every two seconds.
_TICK_NANOSECONDS = 2 * 10**9

Stamp = tuple[int, ...]
T = TypeVar("T")


def read_at_most(path: Path, most: int) -> bytes:
    """The bytes of a file, `most` + 1 of them if there are more; raises OSError.

    So a file that is far too large, or that never ends, takes no memory.
    """
    with path.open("rb") as file:
        return file.read(most + 1)


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty if the file is missing, damaged or far too large.

    Raises OSError if there is such a file and it can't be read: that is no answer.
    """
    try:
        data = read_at_most(path, LARGEST_BYTES)
        stored = json.loads(data) if len(data) <= LARGEST_BYTES else None
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}


def stamp(path: Path) -> Stamp:
    """What changes whenever the file does; empty if it is gone. Raises OSError if none can tell.

    Of a folder, it changes whenever a file in it is replaced, comes or goes.
    """
    try:
        now = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return (now.st_mtime_ns, now.st_ino, now.st_size)


def has_settled(stamped: Stamp) -> bool:
    """Whether the next change will surely have another stamp: this one is older than a tick."""
    return bool(stamped) and time.time_ns() - stamped[0] > _TICK_NANOSECONDS


def read_when_changed(kept: Callable[[Path, Stamp], T]) -> Callable[[Path], T]:
    """Ask a cached function for what it makes of a file as the file is now, by its stamp."""

    @wraps(kept)
    def look(path: Path) -> T:
        return kept(path, stamp(path))

    return look


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name for a new file, which takes the place of `path` once it is written whole.

    Nothing is left of it where that fails. Raises OSError if the disk does.
    """
    # Keras tells the format by how the name ends.
    partial = path.with_name(f".{os.getpid()}-{threading.get_ident()}-{path.name}")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def replace_json(path: Path, stored: Mapping[str, Any]) -> None:
    """Write a JSON object by atomic rename; raises OSError if the disk fails.

    Only where the disk or the quota is full is the old file written over, in which case a reader
    may find it torn for a moment: a second file has no room there, but the first one has its own.
    It is never made shorter: another process could take the room that it gives back.
    """
    text = json.dumps(stored)
    try:
        with replacing(path) as partial:
            partial.write_text(text)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT) or not path.exists():
            raise
        with path.open("r+b") as file:
            file.write(text.encode().ljust(path.stat().st_size))
        # As a new file would have done, so that whoever keeps what it said reads it again.
        os.utime(path.parent)
