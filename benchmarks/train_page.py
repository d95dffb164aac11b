"""How the pages of runs stand fifty of them, and what it costs to watch a run train.

    python -m benchmarks.train_page [--runs 50] [--openings 5] [--seconds 15]

One short training is copied to fifty run folders. Before that and after, headless Chromium opens
the Runs page and the Train page: seconds to the drawn charts, of which the goal is 1.5, on a first
visit, which loads Streamlit and Plotly themselves, and the median of later ones in new tabs, which
find them in the browser's cache. Then it watches a run that trains: CPU milliseconds of the app's
process a live tick, beyond what it takes unwatched; the goal is 50.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from benchmarks.page_speed import ROOT, open_when_ready
from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.runs import Run
from mnist_rnn.states import STOPPED
from tests.browser import chromium

TRAINING = TrainConfig(epochs=3, train_images=5000)
TICK_SECONDS = 0.5
CHARTS = {"runs": ".st-key-overlay .js-plotly-plot", "train": ".st-key-curve-rows .js-plotly-plot"}
VISITS = ("first visit", "again")
WAIT_SECONDS = 180


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--openings", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        chromium() as browser,
        served(Path(folder)) as (url, app),
    ):
        open_when_ready(browser.new_page(), f"{url}/train")  # Its first visitor starts the worker.
        run = train(Path(folder), TRAINING)
        one = openings(browser, url, options.openings)
        for number in range(1, options.runs):
            shutil.copytree(run.folder, run.folder.with_name(f"{run.id[:-8]}{number:08x}"))
        many = openings(browser, url, options.openings)
        print(f"| | with 1 run | with {options.runs} |\n| --- | --- | --- |")
        for name in CHARTS:
            for visit, before, after in zip(VISITS, one[name], many[name], strict=True):
                print(f"| {name} page, {visit}, s | {before:.2f} | {after:.2f} |")
        tick = tick_milliseconds(browser, url, app, Path(folder), options.seconds)
        print(f"| CPU of the app a live tick, ms | | {tick:.0f} |")


@contextmanager
def served(root: Path) -> Iterator[tuple[str, int]]:
    """The address of this app with its runs in `root`, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    settings = {"port": port, "address": "127.0.0.1", "headless": "true"}
    server = subprocess.Popen(
        [*command, *(f"--server.{name}={value}" for name, value in settings.items())],
        cwd=ROOT,
        env={**os.environ, "MNIST_RNN_RUNS": str(root), "MNIST_RNN_LOCAL_TEACHER": "yes"},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait()


def train(root: Path, training: TrainConfig) -> Run:
    """A run that the app's supervisor has trained to the end."""
    run = runs.create(ModelConfig(), training, root)
    wait_until(lambda: run.status().ended, "the run ends")
    return run


def openings(browser: Browser, url: str, count: int) -> dict[str, tuple[float, float]]:
    """Seconds to open each page for the first time, and the median of later times."""
    seconds = {}
    for name, chart in CHARTS.items():
        with browser.new_context(viewport={"width": 1366, "height": 768}) as visitor:
            first, *later = (
                opening_seconds(visitor, f"{url}/{name}", chart) for _ in range(1 + count)
            )
        seconds[name] = first, statistics.median(later)
    return seconds


def opening_seconds(visitor: BrowserContext, address: str, chart: str) -> float:
    """Seconds from a new tab to the page's chart."""
    page = visitor.new_page()
    start = time.perf_counter()
    page.goto(address)
    page.locator(chart).wait_for(timeout=60_000)
    seconds = time.perf_counter() - start
    page.close()
    return seconds


def tick_milliseconds(browser: Browser, url: str, app: int, root: Path, seconds: float) -> float:
    """CPU milliseconds of the app's process a tick, beyond what it takes while nobody watches."""
    run = runs.create(ModelConfig(), replace(TRAINING, epochs=1000, train_images=50_000), root)
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    wait_until(run.best.is_file, "the first epoch is done")
    try:
        unwatched = cpu_share(app, seconds)
        page.goto(f"{url}/train?run={run.id}")
        page.locator(CHARTS["train"]).wait_for(timeout=60_000)
        page.wait_for_timeout(2000)
        watched = cpu_share(app, seconds)
    finally:
        page.close()
        run.steer(state=STOPPED)
        wait_until(lambda: run.status().ended, "the run ends")
    return 1000 * TICK_SECONDS * (watched - unwatched)


def cpu_share(process: int, seconds: float) -> float:
    """CPU seconds that a process takes in a second, without its children; Linux only."""
    before, start = cpu_seconds(process), time.perf_counter()
    time.sleep(seconds)
    return (cpu_seconds(process) - before) / (time.perf_counter() - start)


def cpu_seconds(process: int) -> float:
    """CPU seconds that a process has taken since its start."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until(done: Callable[[], bool], what: str) -> None:
    """Look until it is done; raises TimeoutError after WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {WAIT_SECONDS} seconds until {what}.")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
