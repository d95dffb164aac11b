"""A real server for a script of the project."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import wait_for
from ui.visitor import AT_HOME

PROJECT = Path(__file__).parents[1]


@contextmanager
def serving(script: str, runs: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a script that Streamlit serves until the end; its log is kept in `runs`.

    `settings` are more of Streamlit's, by name, as in {"server.allowedHosts": "localhost"}.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    options = {"server.headless": "true", "server.address": "127.0.0.1", "server.port": str(port)}
    with (runs / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", script),
                *(f"--{name}={value}" for name, value in (options | dict(settings or {})).items()),
            ],
            cwd=PROJECT,
            env={**os.environ, "MNIST_RNN_RUNS": str(runs), AT_HOME: "yes"},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(lambda: _answers(f"{url}/_stcore/health"), "the app answers")
        yield url
    finally:
        server.terminate()
        server.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
            return answer.status == 200
    except OSError:
        return False
