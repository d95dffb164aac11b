"""The app's side of training: worker processes, one queue, and what to do when one dies.

All decisions are made from the run folders, again and again, so that a supervisor which starts in
the middle, after the app was restarted, needs nothing else.
"""

import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mnist_rnn.config import Config
from mnist_rnn.errors import UserError
from mnist_rnn.files import Stamp, has_settled, stamp
from mnist_rnn.places_to_train import can_train
from mnist_rnn.runs.housekeeping import sorted_out
from mnist_rnn.runs.ledger import RunRow, row_of, rows
from mnist_rnn.runs.preparing import Preparing
from mnist_rnn.runs.queue import LOCK, in_turn, trainings_at_once
from mnist_rnn.runs.run import Run
from mnist_rnn.runs.status import FAILED, PAUSED, QUEUED, STARTING, STOPPED, Status
from mnist_rnn.runs.workers import Signs, Workers

BUSY_POLL_SECONDS, IDLE_POLL_SECONDS = 0.1, 1.0
SILENCE_SECONDS, START_SECONDS, STOP_SECONDS, PAUSE_SECONDS = 30.0, 300.0, 180.0, 60.0
MOST_STARTS, FIRST_PAUSE_SECONDS = 3, 2.0
_log = logging.getLogger(__name__)


class Supervisor:
    """Hands queued runs to worker processes, so many at a time, from a background thread.

    `command` starts a worker that reads run folders from standard input.
    """

    def __init__(
        self,
        root: Path,
        command: tuple[str, ...] = (sys.executable, "-m", "mnist_rnn.training.worker"),
    ) -> None:
        self._root = root
        self.workers = Workers(command, root)
        self._preparing = Preparing(self.workers)
        self._at_once = trainings_at_once()
        self._failed_starts, self._next_start = 0, 0.0
        self._complaints: set[tuple[str, str]] = set()
        self._signs = Signs()
        self._looked: Stamp = ()
        self._settled = True
        self._unfinished: list[RunRow] = []
        self._look = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._watch, daemon=True, name="supervisor")
        self._thread.start()

    def warm(self, wanted: Config | None = None) -> None:
        """Have a worker import Keras ahead of need, and then compile what is `wanted`.

        One that died before its first run is not replaced here, lest a page that is looked at
        often starts it over and over. Raises UserError if none can be started.
        """
        if can_train() and not self.workers.members:
            self.workers.hire()
        self._preparing.ask(wanted)
        self.look()

    def look(self) -> None:
        """Look at the run folders at once: a run was created or told to stop."""
        self._look.set()

    def close(self) -> None:
        """Stop handing out runs; each worker ends after the run at hand."""
        self._closed = True
        self._look.set()
        self._thread.join()
        self.workers.close()

    def _watch(self) -> None:
        while not self._closed:
            busy = False
            with self._whatever_happens_to("the runs"):
                busy = self._step()
            self._look.wait(BUSY_POLL_SECONDS if busy else IDLE_POLL_SECONDS)
            self._look.clear()

    def _step(self) -> bool:
        """Bring every run a step further; True while one is waiting or under way."""
        waiting: list[RunRow] = []
        under_way: list[RunRow] = []
        live = self._look_around()
        self._signs.look(live)
        for row in live:
            with self._whatever_happens_to(f"run {row.id}"):
                if row.problem:
                    self._complain_once(f"run {row.id}", row.problem)
                elif row.status.state == QUEUED:
                    if not self._called_off(row) and not row.rests:
                        waiting.append(row)
                elif self._is_under_way(row):
                    under_way.append(row)
        if waiting and can_train():
            if len(under_way) >= self._at_once:
                self._make_way(under_way)
            elif time.monotonic() >= self._next_start:
                self._hand_out_first(in_turn(waiting))
        return bool(under_way or waiting) or self._preparing.step()

    def _is_under_way(self, row: RunRow) -> bool:
        """Whether a run whose turn has come is still trained; if not, what follows is done."""
        if row.status.ended:
            return False
        if row.status.state == PAUSED and not row.claimed:
            row.run.set_status(QUEUED)  # It has made way.
            return False
        if reason := self._why_gone(row):
            self._bury(row, reason)
            return False
        if row.status.state != STARTING:
            self._failed_starts = 0
        return True

    def _look_around(self) -> list[RunRow]:
        """The runs that may be unfinished: all are looked at only where one came or went.

        Or goes on again: that touches the folder as well (`queue.rejoin`).
        """
        now = stamp(self._root)
        settled = has_settled(now)
        # So soon after a change, the next might leave the same stamp.
        if now != self._looked or (settled and not self._settled):
            everyone = rows(self._root)
            self._looked, self._settled = now, settled
        else:
            everyone = [row_of(row.run) for row in self._unfinished]
        self._unfinished = [row for row in everyone if row.is_live]
        return self._unfinished

    @contextmanager
    def _whatever_happens_to(self, about: str) -> Iterator[None]:
        """Log, once each, what goes wrong with one run or with all, and serve on."""
        try:
            yield
        except Exception as error:
            self._complain_once(about, error)

    def _complain_once(self, about: str, error: Exception | str) -> None:
        complaint = (about, repr(error))
        if complaint not in self._complaints:
            self._complaints.add(complaint)
            trace = error if isinstance(error, Exception) else None
            _log.error("Could not serve %s: %s", about, error, exc_info=trace)

    def _called_off(self, row: RunRow) -> bool:
        if row.control.state != STOPPED:
            return False
        why = row.run.what_is_left() if row.results.epochs else "It was called off before it began."
        row.run.set_status(STOPPED, why)
        return True

    def _make_way(self, under_way: list[RunRow]) -> None:
        """Have a run that has paused for PAUSE_SECONDS give the computer to the next one.

        Its worker's lease ends. Only the next look says that it waits: by then all is written.
        """
        for row in under_way:
            if row.status.state == PAUSED and self._signs.unchanged(row, "state") > PAUSE_SECONDS:
                row.run.release()
                return

    def _hand_out_first(self, waiting: list[RunRow]) -> None:
        """Hand out the first of these runs that can be claimed, unless another app was faster.

        The lock is the system's: it goes with an app that dies.
        """
        try:
            with FileLock(self._root / LOCK, timeout=0):
                under_way = [row.status for row in sorted_out(rows(self._root)).under_way]
                if len(under_way) >= self._at_once:
                    return
                for row in waiting:
                    with self._whatever_happens_to(f"run {row.id}"):
                        row.run.release_if_older(START_SECONDS)
                        if lease := row.run.claim():
                            self._hand_out(row.run, lease, under_way)
                            return
        except Timeout:
            return
        except OSError as error:
            self._complain_once("the lock of the queue", error)

    def _hand_out(self, run: Run, lease: str, under_way: list[Status]) -> None:
        """Give a claimed run to a worker; raises OSError, and gives it back, if the disk fails.

        The claim of an app that is killed in here goes stale.
        """
        try:
            worker = self.workers.hire(under_way)
            run.set_status(STARTING, pid=worker.pid)
            self._preparing.a_run_begins()
            self.workers.send(worker, run, lease)
        except UserError as error:
            self._start_failed(run, str(error))
        except BrokenPipeError:
            self._start_failed(run, "The training process ended before it was asked to train.")
        except OSError:
            run.release()
            raise

    def _why_gone(self, row: RunRow) -> str:
        """What happened to the worker of a run under way, or nothing if it is alive."""
        if reason := self.workers.why_gone(row):
            return reason
        if row.control.state == STOPPED and self._signs.unchanged(row, "asked") > STOP_SECONDS:
            return "The training did not stop by itself, so it was ended."
        patience = START_SECONDS if row.status.state == STARTING else SILENCE_SECONDS
        # Another app can end what is left of its worker, so that one comes first.
        patience *= 1 if self.workers.find(row) else 2
        silent = self._signs.unchanged(row, "heartbeat") > patience
        return "The training was interrupted: its process is silent." if silent else ""

    def _bury(self, row: RunRow, reason: str) -> None:
        """End what is left of a run's worker and say why; one that never began is queued again."""
        run = row.run
        self.workers.dismiss(row)
        status = run.status()
        if status.ended:
            return
        run.revoke()
        if status.state == STARTING:
            self._start_failed(run, reason)
            return
        state = STOPPED if row.control.state == STOPPED else FAILED
        run.set_status(state, f"{reason} {run.what_is_left()}")

    def _start_failed(self, run: Run, reason: str) -> None:
        self._failed_starts += 1
        if self._failed_starts >= MOST_STARTS:
            self._failed_starts = 0
            run.set_status(FAILED, f"{reason} It was tried {MOST_STARTS} times; see worker.log.")
            return
        pause = FIRST_PAUSE_SECONDS * 2 ** (self._failed_starts - 1)
        self._next_start = time.monotonic() + pause
        run.release()
        run.set_status(QUEUED, f"{reason} The next try is in {pause:.0f} seconds.")
