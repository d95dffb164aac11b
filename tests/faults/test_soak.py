"""One minute of the soak: a class that never rests, with everything that goes wrong."""

import subprocess
import sys

import pytest

from tests.app_server import PROJECT


@pytest.mark.processes
def test_a_minute_of_everything_leaves_nothing_stuck_lost_or_held():
    command = [sys.executable, "-m", "tests.soak", "--minutes", "1"]
    done = subprocess.run(command, check=False, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
