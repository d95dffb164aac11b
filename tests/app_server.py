"""A real app as a process of its own, that tests may start, kill and start again."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.waiting import wait_for
from ui.visitor import AT_HOME

PROJECT = Path(__file__).parents[1]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class AppServer:
    """The app of a project folder, from a command with `prefix` before it."""

    def __init__(self, runs: Path, project: Path = PROJECT, prefix: tuple[str, ...] = ()) -> None:
        self.project = project
        self._runs, self._prefix = runs, prefix
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start it at its port, and return its process once it answers."""
        options = {"headless": "true", "address": "127.0.0.1", "port": str(self.port)}
        with (self._runs / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(*self._prefix, sys.executable, "-m", "streamlit", "run", "app.py"),
                    *(f"--server.{name}={value}" for name, value in options.items()),
                ],
                cwd=self.project,
                env={**os.environ, "MNIST_RNN_RUNS": str(self._runs), AT_HOME: "yes"},
                stdout=log,
                stderr=log,
            )
        wait_for(lambda: answers(f"{self.url}/_stcore/health"), "the app answers")
        return self.process

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self.process.terminate()
        self.process.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


def answers(url: str) -> bool:
    """Whether something answers at this address."""
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
            return answer.status == 200
    except OSError:
        return False
