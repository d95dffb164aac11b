"""What was measured, as a table."""

import itertools
import statistics
from typing import TypedDict

IMAGES = 50_000
NAMES = {
    "this_project": "this app",
    "keras_fit": "Keras `fit`",
    "pytorch": "PyTorch `nn.RNN`",
    "jax_scan": "JAX `lax.scan`",
}


class Curve(TypedDict):
    """`seconds` each epoch took, `accuracy` after it, and the peak `memory` in bytes.

    The first epoch began with the start of the process.
    """

    seconds: list[float]
    accuracy: list[float]
    memory: int


def seconds_an_epoch(curve: Curve) -> float:
    return statistics.median(curve["seconds"][1:])


def seconds_since_start(curve: Curve) -> list[float]:
    """At the end of each epoch, in the time in which the engine had its turn."""
    return list(itertools.accumulate(curve["seconds"]))


def seconds_to(accuracy: float, curve: Curve) -> float | None:
    """From the start to the end of the first epoch after which it was as accurate as that."""
    for seconds, reached in zip(seconds_since_start(curve), curve["accuracy"], strict=True):
        if reached >= accuracy:
            return seconds
    return None


def ratio(curve: Curve, other: Curve) -> float:
    """The median over the turns of the seconds of one by those of the other."""
    pairs = zip(curve["seconds"][1:], other["seconds"][1:], strict=True)
    return statistics.median(ours / theirs for ours, theirs in pairs)


def table(head: str, curves: dict[str, Curve]) -> str:
    """A Markdown table with a row for each engine."""
    lines = [
        f"| RNN {head.replace('_', '-')} | images a second | s an epoch | of `fit` | "
        "s to 90% | s to 95% | last accuracy | peak memory |",
        "| --- " * 8 + "|",
    ]
    for engine, curve in curves.items():
        epoch = seconds_an_epoch(curve)
        reached = (seconds_to(accuracy, curve) for accuracy in (0.9, 0.95))
        cells = [
            NAMES[engine],
            f"{IMAGES / epoch:,.0f}",
            f"{epoch:.2f}",
            f"{ratio(curve, curves['keras_fit']):.2f}",
            *("-" if seconds is None else f"{seconds:.1f}" for seconds in reached),
            f"{curve['accuracy'][-1]:.1%}",
            f"{curve['memory'] / 1e6:.0f} MB",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
