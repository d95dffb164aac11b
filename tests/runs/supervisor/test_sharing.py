"""Whose turn it is: apps that share a folder, runs side by side, and the lock of the queue."""

import subprocess
import sys

import pytest

from mnist_rnn import runs
from mnist_rnn.runs import supervisor
from mnist_rnn.runs.queue import AT_ONCE
from mnist_rnn.runs.status import FINISHED, QUEUED
from mnist_rnn.runs.supervisor import Supervisor
from tests.runs.supervisor.supervised import HASTY, QUICK, SMALL, ended
from tests.waiting import wait_for

pytestmark = pytest.mark.processes

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
