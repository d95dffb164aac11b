"""The real app in a real browser, for the journeys."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.waiting import wait_for
from ui.visitor import AT_HOME, at_the_computer

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def real_at_the_computer() -> Callable[[], bool]:
    """What `teacher_at_home` replaces."""
    return at_the_computer


@pytest.fixture(autouse=True)
def teacher_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages in these tests are looked at by a teacher alone; tests of strangers say otherwise."""
    monkeypatch.setattr("ui.visitor.at_the_computer", lambda: True)


@pytest.fixture(scope="module")
def app_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the app under test keeps its runs."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def app_url(app_runs: Path) -> Iterator[str]:
    """The address of a running app, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    options = {"headless": "true", "address": "127.0.0.1", "port": str(port)}
    with (app_runs / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "app.py"),
                *(f"--server.{name}={value}" for name, value in options.items()),
            ],
            cwd=PROJECT,
            env={**os.environ, "MNIST_RNN_RUNS": str(app_runs), AT_HOME: "yes"},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(lambda: _answers(f"{url}/_stcore/health"), "the app answers")
        yield url
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A fresh browser profile with one tab, as wide as a small projector."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
            return answer.status == 200
    except OSError:
        return False
