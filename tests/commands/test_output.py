"""Commands that write a file: what is in their way is told before the work."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.commands.command_line import SMALL, command_line, fails
from tests.installation import OBEDIENT


@pytest.fixture
def pen_file(tmp_path) -> Path:
    path = tmp_path / "pen.json"
    points = np.linspace((100, 50), (110, 250), 5).tolist()
    path.write_text(json.dumps([{"label": 1, "donor": "d", "strokes": [points]}]))
    return path


def _writers(reader: Path, drawer: Path, pen: Path) -> list[list[object]]:
    """The start of each command that writes a file; the file's name is to follow."""
    return [
        ["train", *SMALL, "--out"],
        ["draw", "--digit", 1, "--weights", drawer, "--out"],
        ["evaluate", reader, "--pen-digits", pen, "--contact-sheet"],
        ["page", "--weights", reader, "--"],
    ]


def test_a_file_that_cannot_be_written_is_told_before_the_work(
    capsys, tmp_path, reader_file, drawer_file, pen_file
) -> None:
    before = set(tmp_path.iterdir())
    loaded = "tensorflow" in sys.modules  # by another test, perhaps
    for command in _writers(reader_file, drawer_file, pen_file):
        assert "is a folder" in fails(capsys, *command, tmp_path)
        assert "is a folder" in fails(capsys, *command, "")
        assert "no folder" in fails(capsys, *command, tmp_path / "none" / "a")
        assert "no folder" in fails(capsys, *command, reader_file / "a")
        assert "too long" in fails(capsys, *command, tmp_path / ("a" * 250))
        assert "too long" in fails(capsys, *command, tmp_path / ("a" * 300))
        assert "no file" in fails(capsys, *command, os.devnull)
    assert set(tmp_path.iterdir()) == before
    assert ("tensorflow" in sys.modules) == loaded


def test_a_place_where_nothing_may_be_written_is_told_before_the_work(
    tmp_path, reader_file, drawer_file, pen_file
) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    kept = tmp_path / "kept"
    kept.touch(mode=0o444)
    for command in _writers(reader_file, drawer_file, pen_file):
        for place, why in ((tmp_path / "closed" / "a", "Permission"), (kept, "write-protected")):
            done = subprocess.run(
                [*OBEDIENT, *command_line(*command, place)],
                capture_output=True,
                check=False,
                text=True,
            )
            assert (done.returncode, done.stdout) == (2, "")
            assert why in done.stderr
            assert done.stderr.count("\n") == 1
    assert kept.read_bytes() == b""
