"""Whether a command can write its file, asked before the work and not after it."""

import os
import tempfile
from pathlib import Path

from mnist_rnn.errors import UserError


def check_output(path: Path) -> None:
    """Raise UserError unless a file can be put at `path`, in place of any that is there.

    For a moment there is a temporary file beside it: nothing else tells for certain.
    """
    try:
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
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror}.") from error
