"""What it costs a training that a browser watches it.

    python -m benchmarks.live_page [--turns 6] [--seconds 10]

One run trains the RNN many-to-one in the app's own worker. In turns, nobody looks, or headless
Chromium has the Train page open with its live curves. Three measures, medians over the turns:

- how many images a second were trained, and how much slower that was with a watcher: the wall
  clock, with everything that the machine does;
- processor seconds of the app's process per second: what the live page asks of the server;
- processor seconds of the worker per 100,000 images: whether the training itself got dearer.

A class watches from its own computers, so the browser must not count. Here it runs on the same
machine, at the lowest priority, below the worker's: it takes little, but not nothing, so the first
measure is an upper bound. The goal, under 5%, is for the share of the machine that the app's
process takes from the training: the second measure's difference by the number of cores.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.page_speed import ROOT, free_port
from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.metrics import Metrics
from mnist_rnn.runs import Run
from mnist_rnn.states import STOPPED
from tests.browser import chromium
from tests.waiting import wait_for

LOWEST_PRIORITY = 19
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Of one turn: images a second, the app's processor seconds a second, the worker's an image."""

    images: float
    app: float
    worker: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    costs: dict[str, list[Cost]] = {"nobody": [], "a browser": []}
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (url, app):
        run = runs.create(ModelConfig(), TrainConfig(epochs=1000), Path(folder))
        os.nice(LOWEST_PRIORITY)
        with chromium() as browser:
            with watching(browser, url, run):
                wait_for(lambda: Metrics(run.metrics).refresh().epochs, "the first epoch is done")
            for _ in range(options.turns):
                costs["nobody"].append(measured(run, app, options.seconds))
                with watching(browser, url, run):
                    costs["a browser"].append(measured(run, app, options.seconds))
        run.steer(state=STOPPED)
        wait_for(lambda: run.status().ended, "the run has stopped")
    print_table(costs)


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, int]]:
    """The address of the app and its process id, stopped at the end."""
    port = free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    options += ["--server.headless", "true"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options],
        cwd=ROOT,
        env={**os.environ, "MNIST_RNN_RUNS": str(folder), "MNIST_RNN_LOCAL_TEACHER": "yes"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(f"{url}/_stcore/health"), "the app answers")
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url) as response:  # noqa: S310 - the app's own address
            return response.status == 200
    except OSError:
        return False


@contextmanager
def watching(browser: Browser, url: str, run: Run) -> Iterator[None]:
    """The Train page with the run's curves, open meanwhile."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{url}/train?run={run.id}")
    page.locator(".js-plotly-plot").first.wait_for(timeout=120_000)
    yield
    page.close()


def measured(run: Run, app: int, seconds: float) -> Cost:
    """Let the run train for so long, from one report to another."""
    worker = run.status().pid
    if worker is None:
        raise RuntimeError("The run names no process that trains it.")
    time.sleep(1)  # what opening and closing the page costs is not what watching costs
    images, began = images_seen(run), time.perf_counter()
    app_before, worker_before = processor_seconds(app), processor_seconds(worker)
    time.sleep(seconds)
    trained, took = images_seen(run) - images, time.perf_counter() - began
    return Cost(
        trained / took,
        (processor_seconds(app) - app_before) / took,
        (processor_seconds(worker) - worker_before) / trained,
    )


def images_seen(run: Run) -> int:
    last = Metrics(run.metrics).refresh().chunks[-1]
    return (last.epoch - 1) * last.images_in_epoch + last.images


def processor_seconds(process: int) -> float:
    """User and system time of a process so far; Linux only."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def print_table(costs: dict[str, list[Cost]]) -> None:
    print("| watching | images a second | app, CPU s a second | worker, CPU s for 100,000 images |")
    print("| --- | --- | --- | --- |")
    for who, turns in costs.items():
        images = statistics.median(cost.images for cost in turns)
        app = statistics.median(cost.app for cost in turns)
        worker = statistics.median(cost.worker for cost in turns)
        print(f"| {who} | {images:,.0f} | {app:.3f} | {1e5 * worker:.2f} |")
    pairs = list(zip(costs["nobody"], costs["a browser"], strict=True))
    slower = statistics.median(1 - with_it.images / without.images for without, with_it in pairs)
    dearer = statistics.median(with_it.worker / without.worker - 1 for without, with_it in pairs)
    app = statistics.median(with_it.app - without.app for without, with_it in pairs)
    cores = os.cpu_count() or 1
    print(
        f"\nWith a browser: {slower:.1%} fewer images a second, {dearer:+.1%} processor time for "
        f"an image, and the app's process takes {app / cores:.1%} of {cores} cores."
    )


if __name__ == "__main__":
    main()
