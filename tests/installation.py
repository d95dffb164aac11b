"""A copy of the project that nobody may change, as on a school's computers."""

import shutil
import sys
from pathlib import Path

from tests.app_server import PROJECT

_LEFT_OUT = (".git", ".venv", ".*_cache", "runs", "tests", "benchmarks", "docs")
# What makes a command keep to permissions when it is put before it, root's too.
OBEDIENT = (sys.executable, str(PROJECT / "tests" / "obey_permissions.py"))


def read_only_copy(place: Path) -> Path:
    """The project, without write permission for anyone; `place` does not exist yet."""
    shutil.copytree(PROJECT, place, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    for path in (place, *place.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return place


def make_removable(place: Path) -> None:
    """Give the owner the right to delete a copy."""
    for path in (place, *place.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
