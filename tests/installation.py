"""A copy of the project that nobody may change, as on a school's computers."""

import shutil
import sys
from pathlib import Path

from tests.app_server import PROJECT

_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", ".*_cache", "runs", "tests", "benchmarks", "docs"
)
# What makes a command keep to permissions when it is put before it, root's too.
OBEDIENT = (sys.executable, str(PROJECT / "tests" / "faults" / "obey_permissions.py"))


def read_only_copy(place: Path) -> Path:
    """The project, without write permission for anyone; `place` does not exist yet."""
    # Of the project's own folder alone: there is another folder called runs, of code.
    at_the_top = str(PROJECT)
    shutil.copytree(
        PROJECT, place, ignore=lambda at, names: _LEFT_OUT(at, names) if at == at_the_top else ()
    )
    for path in (place, *place.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return place


def make_removable(place: Path) -> None:
    """Give the owner the right to delete a copy."""
    for path in (place, *place.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
