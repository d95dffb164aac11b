"""Files made to explode: each is refused, or taken in, in less than 200 MB."""

import subprocess
import sys

import pytest

from tests.app_server import PROJECT
from tests.doors.bombs import BOMBS

MOST_MEGABYTES = 200


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_bomb_takes_more_than_200_megabytes(bomb, tmp_path):
    command = [sys.executable, "-m", "tests.doors.bombs", str(tmp_path), bomb]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert float(done.stdout) < MOST_MEGABYTES
