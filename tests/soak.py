"""A class that never rests, with everything that goes wrong: `python -m tests.soak --minutes 60`.

Students come and go; runs start, pause, go on, fail and are deleted; workers are killed, frozen and
thawed; the disk fills and empties; two apps on one folder are closed and started again. The workers
write what real ones write (`tests.runs.stand_in`). At the end every run must have ended in a state
that its files bear out, none may have been trained twice, and the process must hold no more than
before.
"""

import argparse
import gc
import json
import logging
import os
import random
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.runs import Run, housekeeping, queue, supervisor
from mnist_rnn.runs.access import Visitor
from mnist_rnn.runs.ledger import RunRow, rows
from mnist_rnn.runs.status import (
    FAILED,
    FINISHED,
    PAUSED,
    QUEUED,
    RUNNING,
    STATES,
    STOPPED,
    UNREADABLE,
)
from mnist_rnn.runs.supervisor import Supervisor
from tests.run_folders import list_runs
from tests.runs.stand_in import command
from tests.waiting import wait_for

MODEL, EPOCH_SECONDS, MOST_RUNS = ModelConfig(units=2), 0.1, 40
STUDENTS = [Visitor(f"student{n}") for n in range(6)]
FULL_DISK_BYTES, MOST_GROWTH_BYTES = 300, 32 * 2**20
Worker = subprocess.Popen[str]


class Soak:
    """The class, its two apps and its mishaps, in one folder."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.random = root, random.Random(seed)
        self.apps = [Supervisor(root, command(EPOCH_SECONDS)) for _ in range(2)]
        self.workers: set[Worker] = set()
        self.done: Counter[str] = Counter()

    def go_on_for(self, seconds: float) -> None:
        """One thing after another, each by chance; what the app refuses is refused."""
        deadline = time.monotonic() + seconds
        often = [self.join, self.join, self.pause, self.resume, self.go_on, self.delete]
        seldom = [self.stop, self.kill, self.freeze, self.fill_the_disk, self.restart_an_app]
        while time.monotonic() < deadline:
            act = self.random.choice(often * 4 + seldom)
            with suppress(UserError):
                self.done[act.__name__] += bool(act())
            time.sleep(self.random.uniform(0.0, 0.2))

    def any_run(self, *states: str) -> RunRow | None:
        found = [row for row in rows(self.root) if row.status.state in states]
        return self.random.choice(found) if found else None

    def any_worker(self) -> Worker | None:
        self.workers |= {worker for app in self.apps for worker in app.workers.members}
        self.workers = {worker for worker in self.workers if worker.poll() is None}
        return self.random.choice(sorted(self.workers, key=id)) if self.workers else None

    def join(self) -> bool:
        wanted = (MODEL, TrainConfig(epochs=self.random.randint(1, 6)))
        pair = [wanted] * self.random.choice([1, 1, 2])
        return bool(queue.join(self.random.choice(STUDENTS), pair, self.root))

    def pause(self) -> bool:
        row = self.any_run(RUNNING)
        asked = self.random.choice([{"state": PAUSED}, {"pause_after": 2}])
        return row is not None and row.run.steer(**asked) is None

    def resume(self) -> bool:
        row = self.any_run(PAUSED, QUEUED)
        return row is not None and row.run.steer(state=RUNNING, pause_after=None) is None

    def stop(self) -> bool:
        row = self.any_run(RUNNING, PAUSED, QUEUED)
        return row is not None and row.run.steer(state=STOPPED) is None

    def go_on(self) -> bool:
        row = self.any_run(FAILED)
        return row is not None and queue.rejoin(Visitor(row.owner), row.run) is None

    def delete(self) -> bool:
        row = self.any_run(FINISHED, STOPPED, FAILED)
        many = len(list_runs(self.root)) > MOST_RUNS
        return many and row is not None and housekeeping.delete(row.run) is None

    def kill(self) -> bool:
        worker = self.any_worker()
        return worker is not None and worker.kill() is None

    def freeze(self) -> bool:
        """For less or more time than a supervisor has patience, or until the end."""
        worker, seconds = self.any_worker(), self.random.choice([0.5, 8.0, None])
        if worker is None:
            return False
        worker.send_signal(signal.SIGSTOP)
        if seconds is not None:
            threading.Timer(seconds, worker.send_signal, [signal.SIGCONT]).start()
        return True

    def fill_the_disk(self) -> bool:
        """For a moment neither apps nor workers can write a file of more than a few bytes."""
        self.any_worker()
        self._largest_file(FULL_DISK_BYTES if self.random.random() < 0.5 else 0)
        time.sleep(self.random.uniform(0.1, 0.6))
        self.any_worker()
        self._largest_file(resource.RLIM_INFINITY)
        return True

    def _largest_file(self, most: int) -> None:
        limit = (most, resource.RLIM_INFINITY)
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        for worker in self.workers if hasattr(resource, "prlimit") else ():
            with suppress(ProcessLookupError):
                resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, limit)

    def restart_an_app(self) -> bool:
        """Its worker ends after the run at hand, beside the app's successor."""
        self.any_worker()
        self.apps.pop(0).close()
        self.apps.append(Supervisor(self.root, command(EPOCH_SECONDS)))
        return True

    def end(self) -> None:
        """Let everything go on until nothing is left to do, and close the apps."""

        def all_ended() -> bool:
            for row in rows(self.root):
                if row.control.state == PAUSED or row.control.pause_after is not None:
                    row.run.steer(state=RUNNING, pause_after=None)
            return all(row.status.ended for row in rows(self.root))

        wait_for(all_ended, "every run has ended")
        self.any_worker()
        for worker in self.workers:
            worker.send_signal(signal.SIGCONT)
        for app in self.apps:
            app.close()
        self.apps.clear()
        wait_for(lambda: self.any_worker() is None, "every worker has ended")


def faults_of(run: Run) -> list[str]:
    """What the files of a run that has ended do not bear out."""
    status, (row,) = run.status(), [row for row in rows(run.folder.parent) if row.id == run.id]
    epochs = row.results.epochs
    checks = {
        "has no state": status.state in STATES and status is not UNREADABLE,
        "has no message": status.state == FINISHED or bool(status.message or epochs),
        "finished without all its epochs": status.state != FINISHED
        or (row.config is not None and epochs == row.config.train.epochs),
        "finished without a reader": status.state != FINISHED or run.card() is not None,
        "finished without a model": status.state != FINISHED or run.keras_model.exists(),
        "lost a snapshot": all(run.snapshot(n).exists() for n in range(1, epochs + 1)),
        "was trained twice": not _trained_twice(run),
    }
    return [f"{run.id} {fault} ({status})" for fault, sound in checks.items() if not sound]


def _trained_twice(run: Run) -> bool:
    """Whether a line stands where its worker could not have written it: after a later one."""
    before = (0, 0)
    lines = run.metrics.read_bytes().splitlines() if run.metrics.exists() else []
    for line in lines:
        with suppress(ValueError):  # Torn by a full disk, or by the end of its worker.
            values = json.loads(line)
            here = (values["epoch"], values.get("images", 10**6))
            if values["kind"] == "resumed":
                before = here
            elif values["kind"] in ("chunk", "epoch"):
                if here <= before:
                    return True
                before = here
    return False


def held() -> dict[str, int]:
    """What this process holds: descriptors, threads and processes."""
    gc.collect()
    return {
        "descriptors": sum(1 for _ in Path("/dev/fd").iterdir()),
        "threads": threading.active_count(),
        "processes": len(psutil.Process().children()),
    }


def most_memory() -> int:
    """The bytes of memory that this process has needed at most."""
    unit = 1 if os.uname().sysname == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=random.randrange(1000))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    logging.disable()
    supervisor.SILENCE_SECONDS, supervisor.START_SECONDS = 3.0, 10.0
    supervisor.PAUSE_SECONDS, supervisor.FIRST_PAUSE_SECONDS = 1.0, 0.1
    before = held()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder), asked.seed)
        # What is kept in memory has its size after a while.
        soak.go_on_for(asked.minutes * 20)
        memory = most_memory()
        soak.go_on_for(asked.minutes * 40)
        soak.end()
        runs = list_runs(soak.root)
        faults = [fault for run in runs for fault in faults_of(run)]
        leftovers = [path.name for path in soak.root.iterdir() if path.name.startswith(".")]
        states = Counter(run.status().state for run in runs)
        resumed = sum(
            b'"resumed"' in run.metrics.read_bytes() for run in runs if run.metrics.exists()
        )
    wait_for(lambda: held() == before, f"as much is held as before, {before}: now {held()}")
    grown = most_memory() - memory
    print(f"{dict(soak.done)}\n{len(runs)} runs: {dict(states)}, {resumed} of them after a break")
    print(f"memory grew by {grown:,} bytes")
    assert not faults, "\n".join(faults)
    assert not leftovers, leftovers
    assert grown < MOST_GROWTH_BYTES


if __name__ == "__main__":
    main()
