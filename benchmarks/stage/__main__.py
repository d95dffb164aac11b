"""What the reading stage costs, while the pen moves and at the server.

    python -m benchmarks.stage [--runs 3] [--strokes 12] [--starts 3]

In one run, headless Chromium drives this app and two bare Streamlit pages: one with the same canvas
alone, and one with the canvas and a Plotly chart. Printed as Markdown:

- pointer move to painted picture, and frames a second, through a scribble of four strokes, for two
  plain and two convolutional readers (best of the runs), on a laptop and on a phone's screen with a
  processor four times slower;
- frames on the WebSocket between pen-down and pen-up, bytes down and the server's processor time a
  stroke, beside the page with the canvas alone;
- seconds from `streamlit run` to the first picture, beside the page with canvas and chart.
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
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from playwright.sync_api import Browser, Error, Page

from tests.browser import chromium

ROOT = Path(__file__).parents[2]
CANVAS_ALONE = """
import streamlit as st
from streamlit_drawable_canvas import st_canvas

st.set_page_config(layout="wide")
st_canvas(width=280, height=280, stroke_width=20, key="canvas")
"""
CANVAS_AND_CHART = """
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
PAIRS = {
    "two SimpleRNN(128)": ["RNN, many-to-one", "RNN, many-to-many"],
    "two CNN+GRU(96)": [
        "CNN+GRU row by row, many-to-one",
        "CNN+GRU row by row, many-to-many",
    ],
}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
PHONE_SLOWER = 4
CANVAS_PIXELS = 280
STAGE, CHART = ".stage [data-reader]", ".js-plotly-plot .heatmaplayer image"
SCRIBBLE = [
    [(60, 60), (210, 70), (70, 150), (220, 160)],
    [(140, 40), (130, 250), (60, 200)],
    [(50, 220), (240, 230), (200, 120), (90, 130)],
    [(230, 60), (60, 240), (120, 90)],
]
# Times every first painting after a movement, and every frame while the pen is down.
WATCH = """() => {
  window.painted = [];
  window.frames = [];
  let since = null, down = false;
  const on = (name, hear) => document.addEventListener(name, hear, { capture: true });
  const note = event => { since ??= event.timeStamp; };
  on('mousedown', event => {
    down = true;
    frames.push(null);
    requestAnimationFrame(frame);
    note(event);
  });
  on('mousemove', event => { if (down) note(event); });
  on('mouseup', () => { down = false; });
  const draw = CanvasRenderingContext2D.prototype.clearRect;
  const stage = document.querySelector('.stage canvas');
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    if (this.canvas === stage && since !== null) {
      const moved = since;
      since = null;
      // The task after the frame: by then it has been painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => painted.push(performance.now() - moved);
      port2.postMessage(null);
    }
    return draw.apply(this, box);
  };
  function frame(now) {
    frames.push(now);
    if (down) requestAnimationFrame(frame);
  }
}"""


@dataclass
class Strokes:
    """What strokes cost: frames on the WebSocket while the pen was down, and a stroke's mean."""

    frames: int = 0
    bytes_down: float = 0.0
    milliseconds: float = 0.0


@dataclass
class Socket:
    """The frames of a page's WebSocket."""

    sizes: list[int] = field(default_factory=list)
    received: int = 0

    def listen(self, socket: Any) -> None:
        def received(data: str | bytes) -> None:
            self.sizes.append(len(data))
            self.received += len(data)

        def sent(data: str | bytes) -> None:
            self.sizes.append(len(data))

        socket.on("framereceived", received)
        socket.on("framesent", sent)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--strokes", type=int, default=12)
    parser.add_argument("--starts", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        runs = Path(folder)
        alone, chart = runs / "alone.py", runs / "chart.py"
        alone.write_text(CANVAS_ALONE, encoding="utf-8")
        chart.write_text(CANVAS_AND_CHART, encoding="utf-8")
        print("| readers | move to painted, median | p95 | frames a second | longest gap |")
        print("| --- | --- | --- | --- | --- |")
        for device in (LAPTOP, PHONE):
            for name, titles in PAIRS.items():
                print(
                    live_row(browser, runs, name, titles, options.runs, device=device), flush=True
                )
        print("\n| page | frames while the pen is down | kB down a stroke | server ms a stroke |")
        print("| --- | --- | --- | --- |")
        costs = {}
        for name, script, ready in (
            ("canvas alone", alone, "canvas.upper-canvas"),
            ("this app", ROOT / "app.py", STAGE),
            ("canvas and chart", chart, CHART),
        ):
            cost = costs[name] = stroke_costs(browser, runs, script, ready, options.strokes)
            print(
                f"| {name} | {cost.frames} | {cost.bytes_down / 1000:.1f} |"
                f" {cost.milliseconds:.1f} |",
                flush=True,
            )
        least, ours = costs["canvas alone"], costs["this app"]
        more = (ours.bytes_down - least.bytes_down) / 1000
        print(f"\nBeyond the canvas's own: {more:.1f} kB down a stroke; processor time ", end="")
        print(f"{ours.milliseconds / least.milliseconds:.2f} times that of the canvas alone.\n")
        starts: dict[str, list[float]] = {"bare": [], "app": []}
        for turn in range(options.starts):
            pages = [("bare", chart, CHART), ("app", ROOT / "app.py", STAGE)]
            # Taking turns at going first spreads what else the machine does over both.
            for name, script, ready in pages[:: 1 if turn % 2 else -1]:
                with opened(browser, script, runs, ready) as (_, _, seconds):
                    starts[name].append(seconds)
        bare, app = (statistics.median(starts[name]) for name in ("bare", "app"))
        print(
            f"`streamlit run` to the first picture: {app:.2f} s, "
            f"canvas and chart {bare:.2f} s, ratio {app / bare:.2f}"
        )


def live_row(
    browser: Browser,
    runs: Path,
    name: str,
    titles: list[str],
    times: int,
    *,
    device: dict[str, Any],
) -> str:
    """A line of the table of what is seen while the pen moves: the best of so many runs."""
    query = "?" + urlencode([("readers", title) for title in titles])
    found = []
    with opened(browser, ROOT / "app.py", runs, STAGE, query, device=device) as (page, _, _):
        page.wait_for_timeout(2000)
        if device is PHONE:
            name += ", phone"
            slower = page.context.new_cdp_session(page)
            slower.send("Emulation.setCPUThrottlingRate", {"rate": PHONE_SLOWER})
        for _ in range(times):
            page.evaluate(WATCH)
            scribble(page)
            painted = sorted(page.evaluate("painted"))
            found.append(
                (statistics.median(painted), painted[int(0.95 * len(painted))], gaps(page))
            )
            page.reload()
            page.locator(STAGE).first.wait_for()
            page.wait_for_timeout(1500)
    median, p95, between = min(found, key=lambda run: run[0])
    frames = 1000 / statistics.mean(between)
    return f"| {name} | {median:.1f} ms | {p95:.1f} ms | {frames:.0f} | {max(between):.0f} ms |"


def gaps(page: Page) -> list[float]:
    """Milliseconds between frames while the pen was down."""
    frames = page.evaluate("frames")
    return [later - earlier for earlier, later in pairwise(frames) if None not in (earlier, later)]


def scribble(page: Page) -> None:
    """Four strokes, one right after another."""
    box = page.locator("canvas.upper-canvas").bounding_box()
    if box is None:
        raise RuntimeError("The page shows no canvas.")
    scale = box["width"] / CANVAS_PIXELS
    for line in SCRIBBLE:
        (x, y), *rest = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in line]
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(x, y, steps=30)
        page.mouse.up()


def stroke_costs(browser: Browser, runs: Path, script: Path, ready: str, count: int) -> Strokes:
    """Draw digits of one to three strokes, with time between them for the server to rest."""
    cost = Strokes()
    # By a link: the app's first screen has no canvas yet.
    with opened(browser, script, runs, ready, "?row=28") as (page, server, _):
        # Opened by itself first, so that what is done once is done.
        socket = Socket()
        page.on("websocket", socket.listen)
        page.reload()
        page.locator(ready).first.wait_for()
        page.wait_for_timeout(3000)
        box = page.locator("canvas.upper-canvas").bounding_box()
        if box is None:
            raise RuntimeError("The page shows no canvas.")
        bytes_down = milliseconds = 0.0
        for number in range(-1, count):
            if number % 3 == 0:  # A digit has three strokes at most.
                page.reload()
                page.locator(ready).first.wait_for()
                page.wait_for_timeout(3000)
            used, before = used_milliseconds(server), socket.received
            line = SCRIBBLE[number % 3]
            page.mouse.move(box["x"] + line[0][0], box["y"] + line[0][1])
            page.wait_for_timeout(300)
            quiet = len(socket.sizes)
            page.mouse.down()
            for x, y in line[1:]:
                page.mouse.move(box["x"] + x, box["y"] + y, steps=10)
            page.evaluate("() => 0")
            while_down = len(socket.sizes) - quiet
            page.mouse.up()
            page.wait_for_timeout(2000)
            if number >= 0:  # The first is the one before the row was sent to the end.
                cost.frames += while_down
                bytes_down += socket.received - before
                milliseconds += used_milliseconds(server) - used
    cost.bytes_down, cost.milliseconds = bytes_down / count, milliseconds / count
    return cost


def used_milliseconds(server: psutil.Process) -> float:
    """The processor time that the server's process has used, all threads together."""
    times = server.cpu_times()
    return 1000 * (times.user + times.system)


@contextmanager
def opened(
    browser: Browser,
    script: Path,
    runs: Path,
    ready: str,
    query: str = "",
    *,
    device: dict[str, Any] = LAPTOP,
) -> Iterator[tuple[Page, psutil.Process, float]]:
    """A page of a freshly started server, its process, and the seconds until it was ready."""
    port = free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    options += ["--server.headless", "true"]
    page = browser.new_page(**device)
    start = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=ROOT,
        env={**os.environ, "MNIST_RNN_RUNS": str(runs / "runs")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        open_when_ready(page, f"http://127.0.0.1:{port}/{query}")
        page.locator(ready).first.wait_for(timeout=90_000)
        yield page, psutil.Process(server.pid), time.perf_counter() - start
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


if __name__ == "__main__":
    main()
