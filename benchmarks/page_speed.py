"""How much slower the Draw page is than the least that Streamlit can do.

    python -m benchmarks.page_speed [--starts 3] [--strokes 15]

In one run, headless Chromium drives this app and a bare page with the same canvas and one Plotly
chart of the same size: seconds from `streamlit run` to the chart, and from mouse-up to the
redrawn chart. The goal is a ratio of at most 1.4 for both.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from tests.browser import chromium

ROOT = Path(__file__).parents[1]
BARE_PAGE = """
import numpy as np
import plotly.graph_objects as go
import streamlit as st
from streamlit_drawable_canvas import st_canvas

st.set_page_config(layout="wide")
left, right = st.columns([284, 1000])
with left:
    drawing = st_canvas(width=280, height=280, stroke_width=20, key="canvas").json_data
strokes = len(drawing["objects"]) if drawing else 0
figure = go.Figure(go.Heatmap(z=np.random.default_rng(strokes).random((28, 28))))
right.plotly_chart(figure.update_layout(height=620))
"""
# Resolves with the milliseconds from the next mouse-up to the first frame with other numbers.
NEXT_REDRAW = """() => {
  const numbers = () => {
    const data = document.querySelector('.js-plotly-plot')?._fullData;
    return data?.length ? JSON.stringify(Array.from(data[0].z, row => Array.from(row))) : '';
  };
  const before = numbers();
  window.redrawn = new Promise((resolve, reject) => {
    document.addEventListener('mouseup', () => {
      const start = performance.now();
      const look = setInterval(() => {
        const now = numbers();
        if (now && now !== before) {
          clearInterval(look);
          requestAnimationFrame(() => resolve(performance.now() - start));
        } else if (performance.now() - start > 20000) {
          clearInterval(look);
          reject(new Error('no redraw'));
        }
      }, 5);
    }, {capture: true, once: true});
  });
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--strokes", type=int, default=15)
    options = parser.parse_args()
    starts: dict[str, list[float]] = {"bare": [], "app": []}
    redraws: dict[str, list[float]] = {"bare": [], "app": []}
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE_PAGE, encoding="utf-8")
        for turn in range(options.starts):
            # Taking turns at going first spreads what else the machine does over both.
            scripts = [("bare", bare), ("app", ROOT / "app.py")][:: 1 if turn % 2 else -1]
            for name, script in scripts:
                with started(browser, script, Path(folder)) as (page, seconds):
                    starts[name].append(seconds)
                    strokes = options.strokes // options.starts
                    redraws[name] += [redraw_seconds(page, n) for n in range(strokes)]
    print("| from | bare page, s | app, s | ratio |\n| --- | --- | --- | --- |")
    for what, found in (
        ("`streamlit run` to chart", starts),
        ("mouse-up to redrawn chart", redraws),
    ):
        least, ours = statistics.median(found["bare"]), statistics.median(found["app"])
        print(f"| {what} | {least:.2f} | {ours:.2f} | {ours / least:.2f} |")


@contextmanager
def started(browser: Browser, script: Path, runs: Path) -> Iterator[tuple[Page, float]]:
    """A page of a freshly started server, and the seconds until its chart was drawn."""
    port = free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    options += ["--server.headless", "true"]
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    start = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=ROOT,
        env={**os.environ, "MNIST_RNN_RUNS": str(runs / "runs")},
        stdout=subprocess.DEVNULL,
    )
    try:
        open_when_ready(page, f"http://127.0.0.1:{port}")
        page.locator(".js-plotly-plot .heatmaplayer image").first.wait_for(timeout=60_000)
        yield page, time.perf_counter() - start
    finally:
        page.close()
        server.terminate()
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def open_when_ready(page: Page, url: str) -> None:
    """Open a page as soon as its server answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            page.goto(url)
            return
        except Error:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def redraw_seconds(page: Page, number: int) -> float:
    """Draw one more stroke; the seconds from mouse-up to the redrawn chart."""
    page.wait_for_timeout(700)
    box = page.locator("canvas.upper-canvas").bounding_box()
    if box is None:
        raise RuntimeError("The page shows no canvas.")
    page.evaluate(NEXT_REDRAW)
    x, y = box["x"] + 60 + 30 * (number % 6), box["y"] + 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 20, y + 80 + 10 * number, steps=5)
    page.mouse.up()
    milliseconds: float = page.evaluate("() => window.redrawn")
    return milliseconds / 1000


if __name__ == "__main__":
    main()
