"""A real app as a process of its own, that tests may start, kill and start again."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.waiting import wait_for
from ui.visitor import AT_HOME

PROJECT = Path(__file__).parents[1]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class AppServer:
    """The app, or another script, of a project folder; what it prints goes to runs/server.log.

    `prefix` stands before the command, and `python` runs it. `settings` are more of Streamlit's, by
    name, as in {"server.allowedHosts": "localhost"}. Without `at_home`, nobody is the teacher.
    """

    def __init__(
        self,
        runs: Path,
        project: Path = PROJECT,
        prefix: tuple[str, ...] = (),
        *,
        script: str = "app.py",
        python: Path = Path(sys.executable),
        settings: Mapping[str, str] | None = None,
        at_home: bool = True,
    ) -> None:
        self.project = project
        self._runs, self._prefix, self._script = runs, prefix, script
        self._python = str(python)
        self._settings = settings or {}
        self._at_home = "yes" if at_home else "no"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start it at its port, and return its process once it answers."""
        options = {
            "server.headless": "true",
            "server.address": "127.0.0.1",
            "server.port": str(self.port),
            **self._settings,
        }
        with (self._runs / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(*self._prefix, self._python, "-m", "streamlit", "run", self._script),
                    *(f"--{name}={value}" for name, value in options.items()),
                ],
                cwd=self.project,
                env={**os.environ, "MNIST_RNN_RUNS": str(self._runs), AT_HOME: self._at_home},
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


@contextmanager
def serving(runs: Path, **options: Any) -> Iterator[AppServer]:
    """An `AppServer` that is stopped at the end."""
    server = AppServer(runs, **options)
    try:
        yield server
    finally:
        server.stop()


def answers(url: str) -> bool:
    """Whether something answers at this address."""
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
            return answer.status == 200
    except OSError:
        return False
