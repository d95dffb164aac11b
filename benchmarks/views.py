"""How long the server takes for each view of the Draw page, and how much it sends.

    python -m benchmarks.views [--repeats 5]

The page runs in this process, with the two opening readers, three plain ones, or one of 224
timesteps. For each view: milliseconds of the first opening, in which what it needs of the test set
is computed; the median milliseconds of a full rerun after a stroke; and kB of all figures.
"""

import argparse
import statistics
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mnist_rnn.network.catalog import OPENING, shipped

APP = Path(__file__).parents[1] / "app.py"
VIEWS = (
    "Row by row",
    "When does it know?",
    "Inside one unit",
    "Memory map",
    "What if?",
    "Which pixels mattered?",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    keys = [entry.key for entry in shipped()]
    plain = [key for key in keys if not key.startswith("cnn")]
    choices = {
        "two": list(OPENING),
        "three": [*OPENING, *(key for key in plain if key not in OPENING)][:3],
        "map by map": [key for key in keys if key.startswith("cnn_rnn-many_to_many-2016")],
    }
    page = AppTest.from_file(str(APP), default_timeout=120).run()
    print("| view | readers | first, ms | rerun, ms | figures, kB |")
    print("| --- | --- | --- | --- | --- |")
    for view in VIEWS:
        for name, readers in choices.items():
            page.multiselect(key="readers").set_value(readers)
            page.segmented_control(key="view").set_value(view)
            first = seconds_to_run(page)
            reruns = [redrawn(page, number) for number in range(repeats)]
            sent = sum(len(chart.proto.spec) for chart in page.get("plotly_chart")) / 1000
            rerun = 1000 * statistics.median(reruns)
            print(f"| {view} | {name} | {1000 * first:.0f} | {rerun:.0f} | {sent:.0f} |")


def redrawn(page: AppTest, number: int) -> float:
    """Seconds to run the page with one more drawing."""
    x, length = 100.0 + 10 * number, 180.0
    path = [["M", x, 40.0], ["L", x, 40.0 + length]]
    stroke = {"type": "Path", "path": path, "left": x, "top": 40 + length / 2, "strokeWidth": 20}
    page.session_state["drawing"] = {"objects": [stroke]}
    page.session_state["canvas_version"] = page.session_state["canvas_version"] + 1
    return seconds_to_run(page)


def seconds_to_run(page: AppTest) -> float:
    start = time.perf_counter()
    page.run()
    seconds = time.perf_counter() - start
    if page.exception:
        raise RuntimeError(page.exception[0].message)
    return seconds


if __name__ == "__main__":
    main()
