"""The file that a command writes: whether it can is asked before the work."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mnist_rnn.errors import UserError


def check_output(path: Path) -> None:
    """Raise UserError unless a file can be put at `path`, in place of any that is there.

    For a moment there is a temporary file beside it: nothing else tells for certain.
    """
    with written(path):
        if path.is_dir():
            raise UserError(f"{path} is a folder: name a file in it.")
        if path.exists() and not path.is_file():
            raise UserError(f"{path} is no file that could be replaced.")
        if not path.parent.is_dir():
            raise UserError(f"There is no folder {path.parent} to write {path.name} in.")
        if path.exists() and not os.access(path, os.W_OK):
            raise UserError(f"{path} can't be written: it is write-protected.")
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
            pass


@contextmanager
def written(path: Path) -> Iterator[None]:
    """What is done meanwhile writes `path`: where the disk fails, UserError says so."""
    try:
        yield
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror}.") from error
