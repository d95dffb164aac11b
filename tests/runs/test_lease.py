"""Workers that are stopped, stuck or thought dead, and runs that pause: nobody waits for ever."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.runs import queue, supervisor, workers
from mnist_rnn.runs.access import Visitor
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import FAILED, FINISHED, PAUSED, QUEUED, RUNNING, STOPPED
from mnist_rnn.runs.supervisor import Supervisor
from mnist_rnn.runs.workers import process_exists
from tests.runs.stand_in import command
from tests.waiting import wait_for

pytestmark = pytest.mark.processes

TINY, ANNA = ModelConfig(units=2), Visitor("anna")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(supervisor, "SILENCE_SECONDS", 3.0)


def create(root, epochs=500):
    return runs.create(TINY, TrainConfig(epochs=epochs), root, ANNA.owner)


def epochs_of(run):
    """The numbers of all epochs in the order written, and of the one after which it went on."""
    lines = [json.loads(line) for line in run.metrics.read_text().splitlines() if line]
    return [(line["kind"], line["epoch"]) for line in lines if line["kind"] in ("epoch", "resumed")]


def wait_for_epoch(run, epoch=1):
    def done():
        return any(e.epoch >= epoch for e in Metrics(run.metrics).refresh().epochs)

    wait_for(done, f"epoch {epoch} of run {run.id} is done")


def wait_for_state(run, *states):
    wait_for(lambda: run.status().state in states, f"run {run.id} is {states}")
    return run.status()


@pytest.fixture
def freeze():
    frozen = []

    def stop(pid):
        os.kill(pid, signal.SIGSTOP)
        frozen.append(pid)
        return pid

    yield stop
    for pid in frozen:
        if process_exists(pid):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("asked", [RUNNING, STOPPED])
def test_a_worker_that_is_frozen_is_ended_and_the_next_run_is_trained(tmp_path, freeze, asked):
    service = Supervisor(tmp_path, command(0.05))
    run, following = create(tmp_path), create(tmp_path, epochs=1)
    wait_for_epoch(run)
    pid = freeze(run.status().pid)
    run.steer(state=asked)
    status = wait_for_state(run, FAILED, STOPPED)
    assert status.state == (STOPPED if asked == STOPPED else FAILED)
    assert "silent" in status.message
    assert "was kept" in status.message
    wait_for_state(following, FINISHED)
    assert not process_exists(pid)
    service.close()


def test_a_worker_that_beats_and_does_not_stop_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)
    service = Supervisor(tmp_path, command("stuck"))
    run = create(tmp_path)
    begun = wait_for_state(run, RUNNING)
    # What is asked for before the first step still stops it.
    wait_for(lambda: run.status().heartbeat > begun.heartbeat, "it beats")
    run.steer(state=STOPPED)
    assert "did not stop by itself" in wait_for_state(run, STOPPED).message
    assert not process_exists(begun.pid)
    service.close()


def test_an_old_status_with_the_number_of_todays_worker_is_not_taken_for_its_run(tmp_path):
    old = create(tmp_path)
    old.claim()
    service = Supervisor(tmp_path, command(0.01))
    service.warm()
    (warm,) = service.workers.members
    old.set_status(RUNNING, pid=warm.pid)
    new = create(tmp_path, epochs=1)
    assert "its process is gone" in wait_for_state(old, FAILED).message
    wait_for_state(new, FINISHED)
    assert warm in service.workers.members
    assert warm.poll() is None
    service.close()


def test_a_worker_that_thaws_does_not_write_beside_its_successor(tmp_path, freeze):
    before = Supervisor(tmp_path, command(0.05))
    run = create(tmp_path, epochs=40)
    wait_for_epoch(run, 2)
    before.close()
    (old,) = before.workers.members
    freeze(old.pid)
    after = Supervisor(tmp_path, command(0.05))
    assert "silent" in wait_for_state(run, FAILED).message
    queue.rejoin(ANNA, run)
    after.look()
    wait_for(lambda: "resumed" in dict(epochs_of(run)), "the successor goes on")
    os.kill(old.pid, signal.SIGCONT)
    assert old.wait() == 0
    wait_for_state(run, FINISHED)
    kinds = epochs_of(run)
    resumed = next(n for n, (kind, _) in enumerate(kinds) if kind == "resumed")
    assert kinds[:resumed] == [("epoch", n + 1) for n in range(resumed)]
    assert kinds[resumed:] == [("resumed", resumed)] + [
        ("epoch", n) for n in range(resumed + 1, 41)
    ]
    after.close()


STOPPABLE_APP = """
import sys, time
from pathlib import Path
from mnist_rnn.runs import supervisor, workers
from tests.runs.stand_in import command
supervisor.SILENCE_SECONDS, workers.LONGEST_TICK_SECONDS = 4.0, 0.5
supervisor.Supervisor(Path(sys.argv[1]), command(0.05))
time.sleep(3600)
"""


def test_an_app_that_was_stopped_itself_does_not_take_its_worker_for_silent(tmp_path):
    app = subprocess.Popen(
        [sys.executable, "-c", STOPPABLE_APP, str(tmp_path)],
        cwd=workers.PROJECT,
        start_new_session=True,
    )
    try:
        run = create(tmp_path)
        wait_for_epoch(run)
        # As Ctrl-Z and fg do. The app has seen the last heartbeat, and is the first to go on.
        os.kill(run.status().pid, signal.SIGSTOP)
        time.sleep(0.5)
        os.kill(app.pid, signal.SIGSTOP)
        time.sleep(5)
        os.kill(app.pid, signal.SIGCONT)
        time.sleep(0.5)
        os.killpg(app.pid, signal.SIGCONT)
        last = Metrics(run.metrics).refresh().epochs[-1].epoch
        wait_for_epoch(run, last + 2)
        assert run.status().state == RUNNING
    finally:
        os.killpg(app.pid, signal.SIGKILL)
        app.wait()


@pytest.mark.parametrize("asked", [{"state": PAUSED}, {"pause_after": 3}])
def test_a_long_pause_makes_way_for_the_next_run_and_goes_on_later(tmp_path, monkeypatch, asked):
    monkeypatch.setattr(supervisor, "PAUSE_SECONDS", 1.0)
    service = Supervisor(tmp_path, command(0.1))
    run = create(tmp_path, epochs=6)
    wait_for_epoch(run)
    run.steer(**asked)
    wait_for_state(run, PAUSED)
    time.sleep(1.5)
    assert run.status().state == PAUSED  # Nobody waits.
    following = create(tmp_path, epochs=2)
    service.look()
    wait_for_state(following, FINISHED)
    assert run.status().state == QUEUED
    assert row_of(run).rests
    assert queue.places(tmp_path) == {}
    last = Metrics(run.metrics).refresh().epochs[-1].epoch
    run.steer(state=RUNNING, pause_after=None)
    service.look()
    wait_for_state(run, FINISHED)
    done = [("epoch", n) for n in range(1, 7)]
    assert epochs_of(run) == [*done[:last], ("resumed", last), *done[last:]]
    service.close()


def test_a_run_that_made_way_can_be_stopped_and_keeps_its_reader(tmp_path):
    run = create(tmp_path)
    service = Supervisor(tmp_path, command(0.05))
    wait_for_epoch(run)
    run.steer(state=PAUSED)
    wait_for_state(run, PAUSED)
    run.release()
    wait_for_state(run, QUEUED)
    run.steer(state=STOPPED)
    service.look()
    assert "was kept" in wait_for_state(run, STOPPED).message
    assert run.card() is not None
    service.close()
