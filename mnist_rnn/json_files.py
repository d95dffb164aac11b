"""Small JSON files that one process replaces while others read them."""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty if the file is missing or damaged."""
    try:
        stored = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}


def replace_json(path: Path, stored: Mapping[str, Any]) -> None:
    """Write a JSON object by atomic rename; raises OSError if the disk fails."""
    text = json.dumps(stored)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        partial.write_text(text)
        partial.replace(path)
    except OSError:
        # A full disk has no room for a second file, but the first one's room can be used again.
        path.write_text(text)
    finally:
        partial.unlink(missing_ok=True)
