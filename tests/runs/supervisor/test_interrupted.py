"""Runs and workers that are not as they should be: interrupted, silent, never started."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mnist_rnn import runs
from mnist_rnn.runs import Run, supervisor
from mnist_rnn.runs.access import Visitor
from mnist_rnn.runs.queue import rejoin
from mnist_rnn.runs.status import FAILED, FINISHED, QUEUED, RUNNING, STARTING, STOPPED
from mnist_rnn.runs.supervisor import Supervisor
from mnist_rnn.runs.workers import process_exists, why_ended
from tests.runs.supervisor.supervised import HASTY, QUICK, SMALL, ended
from tests.waiting import wait_for

pytestmark = pytest.mark.processes


def test_a_run_whose_worker_is_gone_is_marked_as_interrupted(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    run = runs.create(SMALL, QUICK, tmp_path)
    run.set_status(RUNNING, pid=gone.pid)
    service = Supervisor(tmp_path)
    assert "interrupted" in ended(run).message
    service.close()


def test_a_run_that_was_claimed_by_an_app_that_is_gone_is_taken_again(tmp_path):
    stale, fresh, free = (runs.create(SMALL, QUICK, tmp_path) for _ in range(3))
    assert stale.claim()
    assert fresh.claim()
    os.utime(stale.folder / "claim", (time.time() - 2 * supervisor.START_SECONDS,) * 2)
    service = Supervisor(tmp_path, HASTY)
    assert ended(stale).state == FINISHED
    assert ended(free).state == FINISHED
    assert fresh.status().state == QUEUED
    service.close()


def test_a_run_whose_status_could_not_be_written_stays_in_the_queue(tmp_path, monkeypatch):
    run, set_status, failures = runs.create(SMALL, QUICK, tmp_path), Run.set_status, []

    def fail_once(self, state, *more, **named):
        if state == STARTING and not failures:
            failures.append(state)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        set_status(self, state, *more, **named)

    monkeypatch.setattr(Run, "set_status", fail_once)
    service = Supervisor(tmp_path, HASTY)
    assert ended(run).state == FINISHED
    assert failures
    service.close()


def test_one_bad_folder_does_not_hold_up_the_others(tmp_path, monkeypatch, caplog):
    bad, good = (runs.create(SMALL, QUICK, tmp_path) for _ in range(2))
    bad.steer(state=STOPPED)
    set_status = Run.set_status

    def fail_for_the_bad_one(self, *said, **more):
        if self == bad:
            raise RecursionError
        set_status(self, *said, **more)

    monkeypatch.setattr(Run, "set_status", fail_for_the_bad_one)
    service = Supervisor(tmp_path, HASTY)
    assert ended(good).state == FINISHED
    service.close()
    assert caplog.text.count(f"Could not serve run {bad.id}") == 1


def test_a_run_that_goes_on_again_is_served_though_only_unfinished_ones_are_looked_at(tmp_path):
    run = runs.create(SMALL, QUICK, tmp_path)
    service = Supervisor(tmp_path, HASTY)
    assert ended(run).state == FINISHED
    run.steer(epochs=3)  # Now all files that locks need are there.
    run.set_status(FAILED, "The training was interrupted.")
    os.utime(tmp_path, (time.time() - 60,) * 2)
    time.sleep(2 * supervisor.IDLE_POLL_SECONDS)
    rejoin(Visitor("", teacher=True), run)
    assert ended(run).state == FINISHED
    service.close()


@pytest.mark.parametrize("pid", [10**12, 0, -1])
def test_a_status_with_a_number_that_is_no_process_is_one_of_a_process_that_is_gone(tmp_path, pid):
    run = runs.create(SMALL, QUICK, tmp_path)
    run.set_status(RUNNING, pid=pid)
    service = Supervisor(tmp_path, HASTY)
    assert "interrupted" in ended(run).message
    service.close()


def test_a_warm_worker_is_kept_when_the_run_of_another_is_marked_as_interrupted(tmp_path):
    run = runs.create(SMALL, QUICK, tmp_path)
    run.set_status(RUNNING, pid=os.getpid())
    service = Supervisor(tmp_path, HASTY)
    service.warm()
    (warm,) = service.workers.members
    run.set_status(RUNNING, pid=10**12)
    assert "interrupted" in ended(run).message
    assert service.workers.members == [warm]
    service.close()


def test_a_run_under_way_makes_failed_starts_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.5)
    starts = tmp_path / "starts"
    starts.touch()
    count = f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(3)"
    run = runs.create(SMALL, QUICK, tmp_path)
    service = Supervisor(tmp_path, (sys.executable, "-c", count))
    wait_for(lambda: "in 1 seconds" in run.status().message, "the second start has failed")
    between = runs.create(SMALL, QUICK, tmp_path)
    between.set_status(RUNNING, pid=os.getpid())
    service.look()
    time.sleep(3 * supervisor.BUSY_POLL_SECONDS)
    between.set_status(FINISHED)
    assert ended(run).state == FAILED
    assert len(starts.read_text()) == 2 + supervisor.MOST_STARTS
    service.close()


def test_a_run_without_a_sign_of_life_is_marked_as_interrupted(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "SILENCE_SECONDS", 0.2)
    run = runs.create(SMALL, QUICK, tmp_path)
    run.set_status(RUNNING, pid=os.getpid())
    service = Supervisor(tmp_path)
    assert "silent" in ended(run).message
    service.close()


def test_a_worker_that_cannot_start_is_tried_again_and_then_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.2)
    starts = tmp_path / "starts"
    count = f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(3)"
    service = Supervisor(tmp_path, (sys.executable, "-c", count))
    run = runs.create(SMALL, QUICK, tmp_path)
    # Between two tries it says nothing, so each word is looked for and not read again.
    wait_for(lambda: "exit status 3" in run.status().message, "a word about a failure")
    assert ended(run).state == FAILED
    assert len(starts.read_text()) == supervisor.MOST_STARTS
    service.close()


def test_a_program_that_is_missing_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.01)
    service = Supervisor(tmp_path, (str(Path("no") / "such" / "program"),))
    run = runs.create(SMALL, QUICK, tmp_path)
    assert "can't be started" in ended(run).message
    service.close()


def test_how_a_process_ended_is_told_in_words():
    assert "exit status 1" in why_ended(1)
    assert "SIGTERM" in why_ended(-signal.SIGTERM)
    assert "signal 250" in why_ended(-250)
    assert process_exists(os.getpid())
    assert not process_exists(None)
