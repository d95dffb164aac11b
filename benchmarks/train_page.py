"""How the pages of runs stand many of them, and what it costs to watch a run train.

    python -m benchmarks.train_page [--runs 50] [--openings 8] [--seconds 15]

One short training is copied to so many run folders; 10,000 are a school's in years. Before that
and after, headless Chromium opens the Runs page, the Train page and, by turns with them, a bare
Streamlit page with nothing but one Plotly chart: seconds to the drawn charts, of which the goal is
1.5, on a first visit, which loads Streamlit and Plotly themselves, and the median of later ones in
new tabs, which find them in the browser's cache. A process of its own reads what all runs say, for
which the goal is 3 seconds. Then it watches a run that trains: CPU milliseconds of the app's
process a look of its supervisor at the runs, and a live tick beyond that; the goal of both is 50.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.runs import Run
from mnist_rnn.runs.status import STOPPED
from mnist_rnn.runs.supervisor import BUSY_POLL_SECONDS
from tests.app_server import AppServer, serving
from tests.browser import chromium
from tests.waiting import wait_for

TRAINING = TrainConfig(epochs=3, train_images=5000)
TICK_SECONDS = 0.5
BARE_PAGE = """
import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Scatter(y=[1, 3, 2])))
"""
CHARTS = {"bare": ".js-plotly-plot", "runs": ".st-key-overlay", "train": ".st-key-curve-rows"}
# Playwright's own waiting for an element looks every half second.
IS_DRAWN = """place => {
    const chart = document.querySelector(place)?.querySelector('.main-svg');
    return chart && chart.getBoundingClientRect().height > 0;
}"""
WINDOW = {"width": 1366, "height": 768}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--openings", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder, bare = (
            Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            for _ in range(2)
        )
        (bare / "app.py").write_text(BARE_PAGE, encoding="utf-8")
        browser = stack.enter_context(chromium())
        app = stack.enter_context(serving(folder))
        plain = stack.enter_context(serving(bare, project=bare))
        pages = {"bare": plain.url, "runs": f"{app.url}/runs", "train": f"{app.url}/train"}
        browser.new_page().goto(pages["train"])  # Its first visitor starts the worker.
        run = train(folder, TRAINING)
        one = openings(browser, pages, options.openings)
        for number in range(1, options.runs):
            copy = run.folder.with_name(f"{run.id[:-8]}{number:08x}")
            shutil.copytree(run.folder, copy, copy_function=os.link)
        many = openings(browser, pages, options.openings)
        print(f"| | with 1 run | with {options.runs} |\n| --- | --- | --- |")
        for name in pages:
            for visit, before, after in zip(
                ("first visit", "again"), one[name], many[name], strict=True
            ):
                print(f"| {name} page, {visit}, s | {before:.2f} | {after:.2f} |")
        print(f"| first look at all runs, s | | {first_look(folder):.2f} |")
        look, tick = tick_milliseconds(browser, app, folder, options.seconds)
        print(f"| CPU of the app a look of its supervisor, ms | | {look:.1f} |")
        print(f"| CPU of the app a live tick, ms | | {tick:.0f} |")


def train(root: Path, training: TrainConfig) -> Run:
    """A run that the app's supervisor has trained to the end."""
    run = runs.create(ModelConfig(), training, root)
    wait_for(lambda: run.status().ended, "the run ends")
    return run


def openings(browser: Browser, pages: dict[str, str], count: int) -> dict[str, tuple[float, float]]:
    """Seconds to open each page for the first time, and the median of `count` later times."""
    seconds: dict[str, list[float]] = {name: [] for name in pages}
    with ExitStack() as stack:
        visitors = {
            name: stack.enter_context(browser.new_context(viewport=WINDOW)) for name in pages
        }
        for _ in range(1 + count):
            for name, address in pages.items():
                page = visitors[name].new_page()
                start = time.perf_counter()
                page.goto(address, wait_until="commit")
                page.wait_for_function(IS_DRAWN, arg=CHARTS[name], timeout=60_000)
                seconds[name].append(time.perf_counter() - start)
                page.close()
    return {name: (first, statistics.median(later)) for name, (first, *later) in seconds.items()}


def first_look(root: Path) -> float:
    """Seconds that a new process takes to read what all runs say."""
    look = (
        "import sys, time; from pathlib import Path; from mnist_rnn.runs.ledger import rows\n"
        "start = time.perf_counter(); rows(Path(sys.argv[1])); print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", look, str(root)]
    return float(subprocess.run(command, capture_output=True, check=True).stdout)


def tick_milliseconds(
    browser: Browser, app: AppServer, root: Path, seconds: float
) -> tuple[float, float]:
    """CPU milliseconds of the app's process a look of its supervisor, and a live tick beyond it."""
    run = runs.create(ModelConfig(), replace(TRAINING, epochs=1000, train_images=50_000), root)
    page = browser.new_page(viewport=WINDOW)
    wait_for(run.best.is_file, "the first epoch is done")
    try:
        unwatched = cpu_share(app, seconds)
        page.goto(f"{app.url}/train?run={run.id}")
        page.wait_for_function(IS_DRAWN, arg=CHARTS["train"], timeout=60_000)
        page.wait_for_timeout(2000)
        watched = cpu_share(app, seconds)
    finally:
        page.close()
        run.steer(state=STOPPED)
        wait_for(lambda: run.status().ended, "the run ends")
    return 1000 * BUSY_POLL_SECONDS * unwatched, 1000 * TICK_SECONDS * (watched - unwatched)


def cpu_share(app: AppServer, seconds: float) -> float:
    """CPU seconds that the app's process takes in a second, without its children."""
    process = psutil.Process(app.process.pid)
    before, start = process.cpu_times(), time.perf_counter()
    time.sleep(seconds)
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    return spent / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
