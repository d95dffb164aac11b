"""Run folders: what the app and the worker say to each other through them."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.runs.ledger import row_of, rows
from mnist_rnn.runs.queue import places
from mnist_rnn.runs.readers import offered_readers
from mnist_rnn.runs.status import (
    FAILED,
    FINISHED,
    PAUSED,
    QUEUED,
    RUNNING,
    STOPPED,
    UNREADABLE,
    Control,
)
from tests.app_server import PROJECT
from tests.run_folders import TINY, list_runs, settle
from tests.waiting import wait_for


@pytest.fixture
def run(tmp_path):
    return runs.create(TINY, TrainConfig(), tmp_path)


def test_a_new_run_waits_in_the_queue_with_its_configuration(tmp_path):
    model, train = ModelConfig(cell="gru"), TrainConfig(seed=7)
    run = runs.create(model, train, tmp_path)
    assert run.status().state == QUEUED
    assert run.config() == (model, train)
    assert run.control() == Control()
    assert runs.find(run.id, tmp_path) == run


def test_runs_are_listed_in_the_order_they_were_created(tmp_path):
    created = [runs.create(TINY, TrainConfig(), tmp_path) for _ in range(5)]
    assert list_runs(tmp_path) == created
    assert [places(tmp_path)[run.id].ahead for run in created] == [0, 1, 2, 3, 4]
    created[1].set_status(FINISHED)
    assert places(tmp_path)[created[4].id].ahead == 3


def test_the_environment_says_where_runs_are_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path / "elsewhere"))
    run = runs.create(TINY, TrainConfig())
    assert run.folder.parent == tmp_path / "elsewhere"
    assert list_runs() == [run]


@pytest.mark.parametrize("run_id", ["", ".", "..", "../x", "/etc", "nothing", "2026\n", "é" * 500])
def test_unknown_ids_are_refused(tmp_path, run_id):
    (tmp_path / "nothing").mkdir()
    with pytest.raises(UserError, match="no such run"):
        runs.find(run_id, tmp_path)


def test_a_place_that_cannot_be_written_is_named_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="MNIST_RNN_RUNS"):
        runs.create(TINY, TrainConfig(), tmp_path / "file")
    with pytest.raises(UserError, match="MNIST_RNN_RUNS"):
        list_runs(tmp_path / "file")


def test_half_written_folders_do_not_break_the_list(run, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / f".new-{run.id}").mkdir()
    empty = runs.Run(tmp_path / "20200101-000000-000000-00000000")
    empty.folder.mkdir()
    assert list_runs(tmp_path) == [empty, run]
    assert empty.status() is UNREADABLE
    assert empty.control() == Control()
    assert empty.card() is None
    assert "Damaged" in row_of(empty).title
    with pytest.raises(UserError, match="missing or damaged"):
        empty.config()
    assert offered_readers(rows(tmp_path)[::-1])[1] == []


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "{}", "null", '{"state": "asleep"}', "[" * 100_000]
)
def test_a_damaged_file_is_told_apart_from_a_good_one(run, text):
    for name in ("status", "control", "config"):
        (run.folder / f"{name}.json").write_text(text)
    assert run.status() is UNREADABLE
    assert run.control() == Control()
    with pytest.raises(UserError):
        run.config()


def test_a_run_can_be_steered(run):
    run.steer(state=PAUSED)
    run.steer(learning_rate=0.1)
    assert run.control() == Control(PAUSED, 0.1, None)
    run.steer(state=RUNNING, epochs=9)
    assert run.control() == Control(RUNNING, 0.1, 9)


def test_nobody_can_resume_a_run_that_was_stopped(run):
    run.steer(state=STOPPED)
    run.steer(state=PAUSED)
    run.steer(state=RUNNING, learning_rate=0.1)
    assert run.control() == Control(STOPPED, 0.1, None)


HAMMER = """
import sys
import time
from pathlib import Path
from mnist_rnn.runs.run import Run
for folder in sys.argv[1:]:
    run = Run(Path(folder))
    for _ in range(300):
        run.steer(state="paused")
        run.steer(state="running", epochs=7)
        if run.control().state == "stopped":
            break
        time.sleep(0.001)
"""


def test_stop_is_never_lost_among_those_who_pause_and_resume(tmp_path):
    pressed = [runs.create(TINY, TrainConfig(), tmp_path) for _ in range(12)]
    command = [sys.executable, "-c", HAMMER, *(str(run.folder) for run in pressed)]
    others = [subprocess.Popen(command, cwd=PROJECT) for _ in range(3)]
    for run in pressed:
        wait_for(lambda run=run: run.control().epochs, "somebody steers this run")
        run.steer(state=STOPPED)
    assert [other.wait() for other in others] == [0, 0, 0]
    assert [run.control().state for run in pressed] == [STOPPED] * len(pressed)


@pytest.mark.parametrize("change", [{"learning_rate": 0}, {"learning_rate": 99}, {"epochs": -1}])
def test_steering_out_of_range_is_refused(run, change):
    with pytest.raises(UserError):
        run.steer(**change)
    assert run.control() == Control()


def fail_to_replace(monkeypatch, number):
    def failing(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", failing)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_the_status_can_be_written_on_a_full_disk(run, monkeypatch, number):
    settle(run.folder.parent)
    assert row_of(run).status.state == QUEUED

    def no_room(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_text", no_room)
    run.set_status(FAILED, "The disk is full.")
    assert row_of(run).status.message == run.status().message == "The disk is full."


def test_a_first_file_that_has_no_room_is_told_by_its_real_cause(run, monkeypatch):
    fail_to_replace(monkeypatch, errno.ENOSPC)
    with pytest.raises(UserError, match="No space left"):
        run.mark(name="Anna")


def test_a_disk_that_fails_otherwise_leaves_the_old_status_whole(run, monkeypatch):
    fail_to_replace(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        run.set_status(FAILED)
    assert run.status().state == QUEUED


def test_a_claim_is_given_back_when_it_is_old_or_from_the_future(run):
    assert run.claim()
    run.release_if_older(60)
    assert not run.claim()
    for age in (100, -100):
        os.utime(run.folder / "claim", (time.time() - age,) * 2)
        run.release_if_older(60)
        assert run.claim()


def test_a_claim_that_the_disk_refuses_is_not_taken_for_one_of_another_app(run, monkeypatch):
    def failing(*_, **__):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        run.claim()


def test_a_training_too_large_for_a_computer_is_refused(tmp_path):
    model = ModelConfig(backbone="cnn_rnn", cell="lstm", units=512, filters=32)
    with pytest.raises(UserError, match="GB of memory"):
        runs.create(model, TrainConfig(batch_size=5000), tmp_path)
    assert list_runs(tmp_path) == []
    runs.create(model, TrainConfig(), tmp_path)


def test_training_that_makes_no_sense_is_not_queued(tmp_path):
    with pytest.raises(UserError, match="names no class"):
        runs.create(ModelConfig(head="one_to_many"), TrainConfig(non_digits=0.1), tmp_path)
    assert list_runs(tmp_path) == []


def test_titles_are_unique_and_the_same_for_ever(tmp_path, monkeypatch):
    created = [runs.create(TINY, TrainConfig(), tmp_path) for _ in range(5)]
    titles = [row_of(run).title for run in created]
    assert len(set(titles)) == 5
    assert titles[0].startswith("RNN, many-to-one, 20")
    created[0].set_status(FINISHED)
    later = time.localtime(time.time() + 1e6)
    monkeypatch.setattr(time, "localtime", lambda *at: time.gmtime(*at) if at else later)
    assert [row_of(run).title for run in created] == titles
