"""What the load test found, as a table for the README, and the goals that were met."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.usage import Usage


@dataclass
class Findings:
    """`openings` and `waits`: seconds until the figure was there, of each page and each stroke.

    `lost`: sessions whose connection broke. `megabytes`: of the app, by moment. `class_usage` and
    `alone`: what was used in each second with and without the class.
    """

    students: int
    pace: float
    sessions: int
    openings: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: int = 0
    megabytes: dict[str, float] = field(default_factory=dict)
    worker_megabytes: float = 0.0
    class_usage: Usage | None = None
    alone: list[Usage] = field(default_factory=list)

    @property
    def slowdown(self) -> float:
        """The share of its speed that the training loses to the class."""
        return 1 - self.class_usage.images / self.images_alone

    @property
    def images_alone(self) -> float:
        return float(np.mean([usage.images for usage in self.alone]))

    @property
    def session_megabytes(self) -> float:
        return (self.megabytes["class"] - self.megabytes["one visit"]) / self.students

    @property
    def growth(self) -> float:
        """How much the app has grown over the second half of the visitors, as a share."""
        return self.megabytes["all"] / self.megabytes["half"] - 1

    def wait(self, percent: float) -> float:
        return float(np.percentile(self.waits, percent))


GOALS: dict[str, Callable[[Findings], bool]] = {
    "95% of the strokes are read within 1.5 s": lambda found: found.wait(95) < 1.5,
    "no error": lambda found: not found.errors,
    "no session lost": lambda found: not found.lost,
    "memory grows by less than 5% over the second half of the visitors": lambda found: (
        found.growth < 0.05
    ),
    "the training keeps more than 70% of its speed": lambda found: found.slowdown < 0.3,
}


def table(found: Findings) -> str:
    used, megabytes = found.class_usage, found.megabytes
    rows = {
        f"{found.students} students, a stroke every {found.pace:g} s each": "one training beside",
        "---": "---",
        "strokes read": f"{len(found.waits):,}",
        "stroke to reading, p50 / p95 / worst": " / ".join(
            f"{found.wait(percent):.2f}" for percent in (50, 95, 100)
        )
        + " s",
        "all open the page at once, p50 / worst": " / ".join(
            f"{np.percentile(found.openings, percent):.1f}" for percent in (50, 100)
        )
        + " s",
        "errors, sessions lost": f"{len(found.errors)}, {found.lost}",
        "processor cores: app, training, students": (
            f"{used.app:.2f}, {used.worker:.2f}, {used.students:.2f}"
        ),
        "training with the class, of its speed alone": f"{1 - found.slowdown:.0%}",
        "memory of app, training": f"{megabytes['class']:.0f} MB, {found.worker_megabytes:.0f} MB",
        "memory of a session": f"{found.session_megabytes:.1f} MB",
        f"app after {found.sessions // 2} more sessions, {found.sessions}, two minutes later": (
            " MB, ".join(f"{megabytes[moment]:.0f}" for moment in ("half", "all", "expired"))
            + " MB"
        ),
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    goals = [f"- {'met' if met(found) else 'NOT MET'}: {goal}" for goal, met in GOALS.items()]
    return "\n".join([*lines, "", *goals, *sorted(set(found.errors))])
