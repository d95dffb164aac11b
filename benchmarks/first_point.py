"""From Start to the first point drawn: seconds in a real browser, prepared and not.

    python -m benchmarks.first_point [--rounds 10] [--beside FOLDER]

Prepared is a network that the page has shown for a while: the worker has compiled it. Not prepared
is one that the page has only just shown when Start is pressed: other units in every round. Each
round opens the page anew on an empty folder of runs, presses Start, and ends when the chart has a
point; the run is then stopped and deleted. FOLDER is another tree of this project, such as a git
worktree of an older commit: its page takes turns with this one's. The goals are 1.0 s prepared and
3.5 s not.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from mnist_rnn.runs.status import STOPPED
from tests.app_server import PROJECT, AppServer, serving
from tests.browser import chromium
from tests.run_folders import list_runs
from tests.waiting import wait_for

WINDOW = {"width": 1366, "height": 650}
# Looked at as often as the browser draws.
IS_DRAWN = """() => {
    const plot = document.querySelector('.st-key-curve-accuracy .js-plotly-plot');
    return (plot?.calcdata ?? []).some(curve => curve.length && curve[0].x !== undefined);
}"""
# A worker that waits takes next to nothing; one that has to share a busy processor takes more.
IDLE_SHARE, IDLE_SECONDS = 0.02, 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--beside", type=Path)
    options = parser.parse_args()
    trees = {"this page": PROJECT} | ({"beside": options.beside} if options.beside else {})
    found: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        apps: dict[str, tuple[AppServer, Path]] = {}
        for name, tree in trees.items():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            apps[name] = stack.enter_context(serving(folder, project=tree)), folder
        for turn in range(options.rounds):
            for kind in ("prepared", "not prepared"):
                units = 50 if kind == "prepared" else 51 + turn
                for name, (app, folder) in apps.items():
                    seconds = first_point(browser, app, folder, units, wait=kind == "prepared")
                    found.setdefault((kind, name), []).append(seconds)
    print("| | page | median, s | longest, s |\n| --- | --- | --- | --- |")
    for (kind, name), each in found.items():
        print(f"| {kind} | {name} | {statistics.median(each):.2f} | {max(each):.2f} |")


def first_point(browser: Browser, app: AppServer, folder: Path, units: int, wait: bool) -> float:
    """Seconds from Start to the first point, in a browser that was never there."""
    page = browser.new_page(viewport=WINDOW)
    if not wait:
        # Its worker has imported what it needs, and compiled what the page showed first.
        page.goto(f"{app.url}/train")
        settle(app)
    page.goto(f"{app.url}/train?units={units}")
    start = page.get_by_role("button", name="Start", exact=True)
    start.wait_for(timeout=60_000)
    if wait:
        settle(app)
    begun = time.perf_counter()
    start.click()
    page.wait_for_function(IS_DRAWN, timeout=60_000)
    seconds = time.perf_counter() - begun
    page.close()
    (run,) = list_runs(folder)
    run.steer(state=STOPPED)
    wait_for(lambda: run.status().ended, "the run ends")
    shutil.rmtree(run.folder)
    return seconds


def settle(app: AppServer) -> None:
    """Wait until the app's worker is there and has nothing to do."""
    wait_for(lambda: psutil.Process(app.process.pid).children(), "there is a worker")
    (worker,) = psutil.Process(app.process.pid).children()
    # The app takes a moment to tell it what the page shows.
    time.sleep(IDLE_SECONDS)
    wait_for(lambda: worker.cpu_percent(IDLE_SECONDS) < 100 * IDLE_SHARE, "the worker is idle")


if __name__ == "__main__":
    main()
