"""What a worker without a run gets ready for: the network that a Train page showed last."""

import subprocess
import time
from contextlib import suppress

from mnist_rnn.config import Config
from mnist_rnn.runs.workers import Workers

SETTLED_SECONDS = 1.0
# Between two runs. Whoever turns the settings round and round can't keep the processor busy, nor
# fill the pipe of a worker that is frozen: a line has less than a kilobyte of the pipe's 64.
MOST_BETWEEN_RUNS = 40


class Preparing:
    """Asks a worker to build and compile what was asked for last, once that stands still."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._wanted: Config | None = None
        self._since = 0.0
        self._told: tuple[subprocess.Popen[str], Config] | None = None
        self._count = 0

    def ask(self, wanted: Config | None) -> None:
        """Prepare this or nothing, and not what was asked for before."""
        if wanted != self._wanted:
            self._wanted, self._since = wanted, time.monotonic()

    def a_run_begins(self) -> None:
        """Its worker has another network from now on."""
        self._told, self._count = None, 0

    def step(self) -> bool:
        """Tell a worker, if there is something to tell; True if there soon will be.

        To be called while no run waits or is under way: then all workers are idle.
        """
        worker = next((worker for worker in self._workers.members if worker.poll() is None), None)
        if worker is None or self._wanted is None or self._count >= MOST_BETWEEN_RUNS:
            return False
        wish = worker, self._wanted
        if wish == self._told:
            return False
        if time.monotonic() - self._since < SETTLED_SECONDS:
            return True
        self._told = wish
        self._count += 1
        with suppress(BrokenPipeError):  # It has just died: the next run starts another.
            self._workers.prepare(*wish)
        return False
