"""Small JSON files that one process replaces while others read them."""

import errno
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LARGEST_BYTES = 2**18


def read_at_most(path: Path, most: int) -> bytes:
    """The bytes of a file, `most` + 1 of them if there are more; raises OSError.

    So a file that is far too large, or that never ends, takes no memory.
    """
    with path.open("rb") as file:
        return file.read(most + 1)


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty if the file is missing, damaged or far too large."""
    try:
        data = read_at_most(path, LARGEST_BYTES)
        stored = json.loads(data) if len(data) <= LARGEST_BYTES else None
    except (OSError, ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}


def stamp(path: Path) -> tuple[int, ...]:
    """What changes whenever the file does, for the keys of caches; empty if it is gone."""
    try:
        now = path.stat()
    except OSError:
        return ()
    return (now.st_mtime_ns, now.st_ino, now.st_size)


def replace_json(path: Path, stored: Mapping[str, Any]) -> None:
    """Write a JSON object by atomic rename; raises OSError if the disk fails.

    Only where the disk or the quota is full is the old file written over, in which case a reader
    may find it torn for a moment: a second file has no room there, but the first one has its own.
    It is never made shorter: another process could take the room that it gives back.
    """
    text = json.dumps(stored)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        partial.write_text(text)
        partial.replace(path)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        with path.open("r+b") as file:
            file.write(text.encode().ljust(path.stat().st_size))
    finally:
        partial.unlink(missing_ok=True)
