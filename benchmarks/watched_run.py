"""All 200 epochs of the RNN many-to-one of 2016, started from the page and watched to the end.

    python -m benchmarks.watched_run [--epochs 200]

Headless Chromium opens the Train page with the recipe, presses Start, and keeps the live page open.
The table has the memory of the app, the worker and the page's JavaScript at tenths of the way, and
below it the longest time between two progress reports (a hitch) and between two epochs shown on the
page. The first tenth is when everything is loaded; memory is flat if it stays there.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import psutil
from playwright.sync_api import CDPSession, Page

from mnist_rnn.config import Config
from mnist_rnn.presets import PRESETS
from mnist_rnn.runs import Run
from mnist_rnn.runs.metrics import Metrics
from tests.app_server import AppServer, serving
from tests.browser import chromium
from tests.run_folders import list_runs
from tests.waiting import wait_for
from ui.train import link

PRESET = PRESETS["rnn-many_to_one-2016"]
LOOKS, PAUSE_SECONDS = 10, 0.5
SHOWN = "() => document.querySelector('[data-testid=stMainBlockContainer]').innerText"


class Look(NamedTuple):
    """Megabytes of each process when an epoch was done."""

    epoch: int
    app: float
    worker: float
    page: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--epochs", type=int, default=PRESET.train.epochs)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as app,
        chromium() as browser,
    ):
        page = browser.new_page()
        run = started(page, app, Path(folder), options.epochs)
        looks, longest_still = watched(page, app, run, options.epochs)
        chunks = Metrics(run.metrics).refresh().chunks
        print("| epoch | app, MB | worker, MB | page's JavaScript, MB |")
        print("| --- | --- | --- | --- |")
        for look in looks:
            print(f"| {look.epoch} | {look.app:.0f} | {look.worker:.0f} | {look.page:.0f} |")
        hitch = max(later.seconds - before.seconds for before, later in pairwise(chunks))
        print(f"\n{run.status().state} after {chunks[-1].seconds:.0f} s of training;", end=" ")
        print(f"longest wait for a report {hitch:.2f} s, for the page {longest_still:.1f} s.")


def started(page: Page, app: AppServer, folder: Path, epochs: int) -> Run:
    """The run that the page makes of the recipe."""
    config = Config(PRESET.model, replace(PRESET.train, epochs=epochs))
    page.goto(f"{app.url}/train?{link.query(config)}")
    page.get_by_role("button", name="Start", exact=True).click()
    wait_for(lambda: list_runs(folder), "a run is created")
    (run,) = list_runs(folder)
    wait_for(lambda: Metrics(run.metrics).refresh().epochs, "the first epoch is done")
    return run


def watched(page: Page, app: AppServer, run: Run, epochs: int) -> tuple[list[Look], float]:
    """Looks at tenths of the way, and the longest that the page stood still, in seconds."""
    process = psutil.Process(app.process.pid)
    (worker,) = process.children()
    tools = page.context.new_cdp_session(page)
    metrics = Metrics(run.metrics)
    due = [max(1, round(epochs * part / LOOKS)) for part in range(1, LOOKS + 1)]
    looks: list[Look] = []
    shown, since, longest_still = page.evaluate(SHOWN), time.perf_counter(), 0.0
    while not run.status().ended:
        page.wait_for_timeout(1000 * PAUSE_SECONDS)
        epoch = metrics.refresh().epochs[-1].epoch
        if len(looks) < len(due) and epoch >= due[len(looks)]:
            looks.append(Look(epoch, megabytes(process), megabytes(worker), page_megabytes(tools)))
        now_shown = page.evaluate(SHOWN)
        if now_shown != shown:
            longest_still = max(longest_still, time.perf_counter() - since)
            shown, since = now_shown, time.perf_counter()
    return looks, longest_still


def megabytes(process: psutil.Process) -> float:
    return process.memory_info().rss / 1e6


def page_megabytes(tools: CDPSession) -> float:
    """The JavaScript heap after what is no longer used was collected."""
    tools.send("HeapProfiler.collectGarbage")
    used: float = tools.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1e6


if __name__ == "__main__":
    main()
