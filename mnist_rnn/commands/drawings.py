"""What `evaluate` says of a network that draws: a reader names its drawings, and they differ."""

from pathlib import Path
from typing import Any

import numpy as np

from mnist_rnn.analysis.accuracy import evaluate
from mnist_rnn.analysis.drawing import LAST_JUDGE, judge, sampled, variety
from mnist_rnn.data import load_digits
from mnist_rnn.drawer import Drawer
from mnist_rnn.style import RANDOM_DEVIATION

DRAWINGS = 5_000


def measure(path: Path, drawer: Drawer) -> dict[str, Any]:
    """A drawer's figures as a JSON object; the same each time, for the styles have a seed."""
    drawn = sampled(drawer, DRAWINGS, np.random.default_rng(0))
    read = evaluate(judge(LAST_JUDGE), drawn)
    spread = variety(drawn) / variety(load_digits("test"))
    return {
        "file": str(path),
        "model": drawer.config.to_dict(),
        "train": drawer.card.train.to_dict(),
        "epochs_done": drawer.card.epochs_done,
        "drawings": DRAWINGS,
        "style_deviation": RANDOM_DEVIATION,
        "judge": LAST_JUDGE,
        "recognised": read.accuracy,
        "recognised_by_digit": read.by_digit.tolist(),
        "variety": float(spread.mean()),
        "variety_by_digit": spread.tolist(),
        "recognised_in_styles_of_test_digits": drawer.card.test_accuracy,
    }


def text(result: dict[str, Any]) -> str:
    """The figures in words."""
    return "\n".join(
        [
            f"{result['file']}: {result['recognised']:.2%} of {result['drawings']:,} drawings "
            f"recognised by {result['judge']} (epochs: {result['epochs_done']})",
            "  by digit:    " + _percentages(result["recognised_by_digit"]),
            f"  variety: {result['variety']:.1%} of that of test digits (0% would be ten averages)",
            "  by digit:    " + _percentages(result["variety_by_digit"]),
        ]
    )


def _percentages(fractions: list[float]) -> str:
    return "  ".join(f"{digit}: {fraction:.1%}" for digit, fraction in enumerate(fractions))
