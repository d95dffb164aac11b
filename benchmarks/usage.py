"""What the app and its training process use, and how fast the training goes, by two looks."""

import time
from dataclasses import dataclass, fields

import psutil

from mnist_rnn.runs import Run
from mnist_rnn.runs.metrics import Metrics


@dataclass(frozen=True)
class Usage:
    """Processor seconds of the app, its worker and this process, and images trained.

    Totals since each began, at `clock`; or, as the difference of two, in each second between.
    """

    clock: float
    app: float
    worker: float
    students: float
    images: float

    def a_second_since(self, before: "Usage") -> "Usage":
        seconds = self.clock - before.clock
        gone = (getattr(self, f.name) - getattr(before, f.name) for f in fields(self))
        return Usage(*(value / seconds for value in gone))


class Watch:
    """Looks at an app that has one worker, which trains one run."""

    def __init__(self, app: psutil.Process, run: Run) -> None:
        self._app, self._metrics = app, Metrics(run.metrics)
        (self._worker,) = app.children()

    def look(self) -> Usage:
        last = self._metrics.refresh().chunks[-1]
        return Usage(
            clock=time.perf_counter(),
            app=_processor_seconds(self._app),
            worker=_processor_seconds(self._worker),
            students=_processor_seconds(psutil.Process()),
            images=(last.epoch - 1) * last.images_in_epoch + last.images,
        )

    def app_megabytes(self) -> float:
        return self._app.memory_info().rss / 1e6

    def worker_megabytes(self) -> float:
        return self._worker.memory_info().rss / 1e6


def _processor_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
