"""What was measured, as a picture."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.ticker import PercentFormatter

from benchmarks.peers.results import NAMES, Curve, seconds_an_epoch, seconds_since_start

# Okabe and Ito's colours, told apart by everyone.
COLOURS = {
    "this_project": "#D55E00",
    "keras_fit": "#0072B2",
    "pytorch": "#009E73",
    "jax_scan": "#CC79A7",
}


def draw(results: dict[str, dict[str, Curve]], file: Path) -> None:
    """For each head: validation accuracy over seconds since the start, and seconds an epoch."""
    figure, rows = pyplot.subplots(
        len(results),
        2,
        figsize=(11, 3.6 * len(results)),
        width_ratios=(2, 1),
        squeeze=False,
        layout="constrained",
    )
    for (head, curves), (left, right) in zip(results.items(), rows, strict=True):
        names = [NAMES[engine].replace("`", "") for engine in curves]
        for engine, name in zip(curves, names, strict=True):
            curve = curves[engine]
            left.plot(
                seconds_since_start(curve),
                curve["accuracy"],
                marker="o",
                markersize=4,
                color=COLOURS[engine],
                label=name,
            )
        for accuracy in (0.9, 0.95):
            left.axhline(accuracy, color="grey", linewidth=0.8, linestyle=":")
        left.set_title(f"RNN {head.replace('_', '-')}", loc="left")
        left.set_xlabel("seconds since the start, imports and compiling included")
        left.set_ylabel("validation accuracy")
        left.set_xlim(left=0)
        left.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        left.legend(loc="lower right", frameon=False)
        epochs = [seconds_an_epoch(curve) for curve in curves.values()]
        bars = right.barh(names, epochs, color=[COLOURS[engine] for engine in curves])
        right.bar_label(bars, fmt="%.2f", padding=4)
        right.set_xlabel("seconds an epoch, validation included")
        right.set_xlim(right=1.2 * max(epochs))
        right.invert_yaxis()
    for axes in rows.flat:
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=130)
