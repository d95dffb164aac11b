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
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from benchmarks.usage import Usage, Watch
from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.runs import Run
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import STOPPED
from tests.app_server import serving
from tests.browser import chromium
from tests.waiting import wait_for

LOWEST_PRIORITY = 19


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    costs: dict[str, list[Usage]] = {"nobody": [], "a browser": []}
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as app:
        run = runs.create(ModelConfig(), TrainConfig(epochs=1000), Path(folder))
        os.nice(LOWEST_PRIORITY)
        with chromium() as browser:
            with watching(browser, app.url, run):
                wait_for(lambda: Metrics(run.metrics).refresh().epochs, "the first epoch is done")
            watch = Watch(psutil.Process(app.process.pid), run)
            for _ in range(options.turns):
                costs["nobody"].append(measured(watch, options.seconds))
                with watching(browser, app.url, run):
                    costs["a browser"].append(measured(watch, options.seconds))
        run.steer(state=STOPPED)
        wait_for(lambda: run.status().ended, "the run has stopped")
    print_table(costs)


@contextmanager
def watching(browser: Browser, url: str, run: Run) -> Iterator[None]:
    """The Train page with the run's curves, open meanwhile."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{url}/train?run={run.id}")
    page.locator(".js-plotly-plot").first.wait_for(timeout=120_000)
    yield
    page.close()


def measured(watch: Watch, seconds: float) -> Usage:
    """What is used in a second, over so many."""
    time.sleep(1)  # what opening and closing the page costs is not what watching costs
    before = watch.look()
    time.sleep(seconds)
    return watch.look().a_second_since(before)


def print_table(costs: dict[str, list[Usage]]) -> None:
    print("| watching | images a second | app, CPU s a second | worker, CPU s for 100,000 images |")
    print("| --- | --- | --- | --- |")
    for who, turns in costs.items():
        images = statistics.median(cost.images for cost in turns)
        app = statistics.median(cost.app for cost in turns)
        worker = statistics.median(an_image(cost) for cost in turns)
        print(f"| {who} | {images:,.0f} | {app:.3f} | {1e5 * worker:.2f} |")
    pairs = list(zip(costs["nobody"], costs["a browser"], strict=True))
    slower = statistics.median(1 - with_it.images / without.images for without, with_it in pairs)
    dearer = statistics.median(
        an_image(with_it) / an_image(without) - 1 for without, with_it in pairs
    )
    app = statistics.median(with_it.app - without.app for without, with_it in pairs)
    cores = os.cpu_count() or 1
    print(
        f"\nWith a browser: {slower:.1%} fewer images a second, {dearer:+.1%} processor time for "
        f"an image, and the app's process takes {app / cores:.1%} of {cores} cores."
    )


def an_image(cost: Usage) -> float:
    """Processor seconds of the worker for an image."""
    return cost.worker / cost.images


if __name__ == "__main__":
    main()
