"""The supervisor and real worker processes: a queue that survives whatever happens to them."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import parameter_count
from mnist_rnn.runs import Run, supervisor
from mnist_rnn.runs.access import Visitor
from mnist_rnn.runs.ledger import rows
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.queue import AT_ONCE, rejoin
from mnist_rnn.runs.readers import offered_readers
from mnist_rnn.runs.status import FAILED, FINISHED, QUEUED, RUNNING, STARTING, STOPPED
from mnist_rnn.runs.supervisor import Supervisor
from mnist_rnn.runs.workers import process_exists, why_ended
from tests.waiting import wait_for

pytestmark = pytest.mark.processes

SMALL = ModelConfig(units=8)
QUICK = TrainConfig(epochs=2, train_images=1000)
ENDLESS = TrainConfig(epochs=1000, train_images=1000)
# Says at once that every run is finished.
HASTY = (
    sys.executable,
    "-c",
    "import pathlib, sys; from mnist_rnn.runs.run import Run\n"
    "for line in sys.stdin: Run(pathlib.Path(line.split()[1])).set_status('finished')",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A folder of runs with a supervisor, whose worker stays warm from test to test."""
    root = tmp_path_factory.mktemp("runs")
    service = Supervisor(root)
    yield root, service
    service.close()


def start(served, train=QUICK, model=SMALL):
    root, service = served
    run = runs.create(model, train, root)
    service.look()
    return run


def ended(run):
    wait_for(lambda: run.status().ended, f"run {run.id} ends")
    return run.status()


def epochs_of(run):
    return Metrics(run.metrics).refresh().epochs


def wait_for_epoch(run):
    wait_for(lambda: epochs_of(run), "the first epoch is done")


@pytest.fixture(scope="module")
def finished(served):
    run = start(served)
    assert ended(run).state == FINISHED
    return run


def test_same_seed_gives_the_same_curve(served, finished):
    again = start(served)
    assert ended(again).state == FINISHED

    def curve(run):
        return [(e.loss, e.validation_accuracy_by_timestep) for e in epochs_of(run)]

    assert curve(again) == curve(finished)
    assert len(curve(again)) == QUICK.epochs


def test_the_reader_of_a_finished_run_is_listed(served, finished):
    _, offered = offered_readers(rows(served[0])[::-1], [finished.id])
    entry = next(entry for entry in offered if entry.key == finished.id)
    assert Reader.load(entry.path).card.test_accuracy is not None


def test_the_keras_model_of_a_run_is_a_real_one(finished):
    count = "import keras, sys; print(keras.models.load_model(sys.argv[1]).count_params())"
    done = subprocess.run(
        [sys.executable, "-c", count, str(finished.keras_model)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout.split()[-1]) == parameter_count(SMALL)


def test_stop_ends_a_run_and_the_queue_moves_on(served):
    stopped, called_off, following = (start(served, train) for train in (ENDLESS, ENDLESS, QUICK))
    wait_for_epoch(stopped)
    called_off.steer(state=STOPPED)
    assert ended(called_off).state == STOPPED
    assert not called_off.best.exists()
    assert following.status().state == QUEUED
    stopped.steer(state=STOPPED)
    assert ended(stopped).state == STOPPED
    assert stopped.card().test_accuracy is not None
    assert ended(following).state == FINISHED


def test_killed_worker_leaves_the_run_readable(served):
    killed, following = start(served, ENDLESS), start(served)
    wait_for_epoch(killed)
    os.kill(killed.status().pid, signal.SIGKILL)
    status = ended(killed)
    assert status.state == FAILED
    assert "SIGKILL" in status.message
    assert "memory" in status.message
    assert Reader.load(killed.best).card.epochs_done >= 1
    assert epochs_of(killed)
    assert ended(following).state == FINISHED


def test_a_restarted_app_finds_the_run_and_its_old_worker_ends(tmp_path):
    before = Supervisor(tmp_path)
    adopted = start((tmp_path, before), ENDLESS)
    wait_for_epoch(adopted)
    old_worker = adopted.status().pid
    before.close()
    after = Supervisor(tmp_path)
    waiting = start((tmp_path, after))
    seen = len(epochs_of(adopted))
    wait_for(lambda: len(epochs_of(adopted)) > seen, "the run goes on")
    assert (adopted.status().state, waiting.status().state) == (RUNNING, QUEUED)
    adopted.steer(state=STOPPED)
    assert ended(adopted).state == STOPPED
    assert ended(waiting).state == FINISHED
    assert waiting.status().pid != old_worker
    assert [worker.wait() for worker in before.workers.members] == [0]
    after.close()
    assert [worker.wait() for worker in after.workers.members] == [0]


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


# Takes its time with every run, so that two at a time would be seen.
SLOW = (
    sys.executable,
    "-c",
    "import pathlib, sys, time; from mnist_rnn.runs.run import Run\n"
    "for line in sys.stdin:\n"
    "    run = Run(pathlib.Path(line.split()[1])); others = run.folder.parent.glob('*/at_work')\n"
    "    (run.folder / 'at_work').touch()\n"
    "    if len(list(others)) > 1: (run.folder.parent / 'two').touch()\n"
    "    time.sleep(0.05); (run.folder / 'at_work').unlink(); run.set_status('finished')",
)


def test_apps_that_share_a_folder_train_one_run_at_a_time(tmp_path):
    created = [runs.create(SMALL, QUICK, tmp_path) for _ in range(8)]
    services = [Supervisor(tmp_path, SLOW) for _ in range(3)]
    for run in created:
        assert ended(run).state == FINISHED
    for service in services:
        service.close()
    assert not (tmp_path / "two").exists()


# Is done with a run once a second one has begun, so one at a time would never end.
PAIRED = (
    sys.executable,
    "-c",
    "import pathlib, sys, time; from mnist_rnn.runs.run import Run\n"
    "for line in sys.stdin:\n"
    "    run = Run(pathlib.Path(line.split()[1])); root = run.folder.parent\n"
    "    (run.folder / 'begun').touch(); (run.folder / 'at_work').touch()\n"
    "    while len(list(root.glob('*/begun'))) < 2: time.sleep(0.01)\n"
    "    if len(list(root.glob('*/at_work'))) > 2: (root / 'three').touch()\n"
    "    time.sleep(0.05); (run.folder / 'at_work').unlink(); run.set_status('finished')",
)


def test_as_many_runs_are_trained_side_by_side_as_were_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv(AT_ONCE, "2")
    created = [runs.create(SMALL, QUICK, tmp_path) for _ in range(6)]
    services = [Supervisor(tmp_path, PAIRED) for _ in range(2)]
    for run in created:
        assert ended(run).state == FINISHED
    for service in services:
        service.close()
    assert not (tmp_path / "three").exists()


def test_a_lock_left_by_an_app_that_died_holds_up_nobody(tmp_path):
    hold = (
        "import os, sys; from filelock import FileLock\n"
        "FileLock(sys.argv[1]).acquire(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", hold, str(tmp_path / supervisor.LOCK)], check=False)
    assert (tmp_path / supervisor.LOCK).exists()
    run = runs.create(SMALL, QUICK, tmp_path)
    service = Supervisor(tmp_path, HASTY)
    assert ended(run).state == FINISHED
    service.close()


def test_a_lock_that_cannot_be_taken_is_complained_of_once_and_nothing_is_started(tmp_path, caplog):
    (tmp_path / supervisor.LOCK).mkdir()
    run = runs.create(SMALL, QUICK, tmp_path)
    service = Supervisor(tmp_path, HASTY)
    wait_for(lambda: "lock of the queue" in caplog.text, "a word about the lock")
    assert run.status().state == QUEUED
    service.close()
    assert caplog.text.count("Could not serve the lock of the queue") == 1


def test_turns_go_round(tmp_path):
    order = {"a1": ("anna", 0), "a2": ("anna", 1), "b1": ("ben", 0)}
    created = {
        name: runs.create(SMALL, QUICK, tmp_path, owner, turn)
        for name, (owner, turn) in order.items()
    }
    service = Supervisor(tmp_path, SLOW)
    for run in created.values():
        ended(run)
    service.close()
    beats = {name: run.status().heartbeat for name, run in created.items()}
    assert sorted(beats, key=beats.get) == ["a1", "b1", "a2"]
