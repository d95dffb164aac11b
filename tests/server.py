"""The real app as a process of its own, for the journeys and for what is measured."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import wait_for

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True)
class RunningApp:
    """The address of an app and the id of its process."""

    url: str
    pid: int


@contextmanager
def running_app(runs: Path, environment: Mapping[str, str] | None = None) -> Iterator[RunningApp]:
    """An app that answers and keeps its runs in this folder, stopped at the end.

    What it prints goes to `server.log` in that folder.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    options = {"headless": "true", "address": "127.0.0.1", "port": str(port)}
    with (runs / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "app.py"),
                *(f"--server.{name}={value}" for name, value in options.items()),
            ],
            cwd=PROJECT,
            env={**os.environ, "MNIST_RNN_RUNS": str(runs), **(environment or {})},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(lambda: _answers(f"{url}/_stcore/health"), "the app answers")
        yield RunningApp(url, server.pid)
    finally:
        server.terminate()
        server.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
            return answer.status == 200
    except OSError:
        return False
