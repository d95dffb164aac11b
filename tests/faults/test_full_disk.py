"""Disks that fill up under a training, or have no room for another: what is said, what is kept."""

import subprocess
import sys
from pathlib import Path

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import QUEUED
from tests.app_server import PROJECT
from tests.pages.in_process import button
from tests.pages.train_page import labels, said
from tests.run_folders import list_runs

FULL = "The training could not write its results: the disk is full."


def train_on_a_full_disk(run, most_bytes):
    command = [sys.executable, "-m", "tests.faults.full_disk", str(run.folder), str(most_bytes)]
    subprocess.run(command, cwd=PROJECT, check=True)


def test_a_disk_full_of_metrics_keeps_the_last_epoch_and_lets_the_run_go_on(page):
    run = runs.create(ModelConfig(units=2), TrainConfig(epochs=50))
    train_on_a_full_disk(run, 5_000)
    last = Metrics(run.metrics).refresh().epochs[-1].epoch
    page.run()
    assert [error.value for error in page.error] == [
        f"{FULL} Its best network so far, of epoch {run.card().epochs_done}, was kept."
    ]
    assert last > 1
    assert {"See it read", f"Go on after epoch {last}"} <= set(labels(page))
    button(page, f"Go on after epoch {last}").click().run()
    assert not page.exception
    assert run.status().state == QUEUED
    assert "next" in said(page)


def test_a_disk_full_of_snapshots_says_that_there_is_no_reader(page):
    run = runs.create(ModelConfig(units=50), TrainConfig(epochs=50))
    train_on_a_full_disk(run, 5_000)
    page.run()
    assert [error.value for error in page.error] == [
        f"{FULL} It had not finished an epoch, so there is no network."
    ]
    assert "Start it again" in labels(page)
    assert list((run.folder / "epochs").iterdir()) == []


def test_a_disk_that_fills_up_at_the_very_end_leaves_a_tested_reader(page):
    run = runs.create(ModelConfig(units=2), TrainConfig(epochs=2))
    train_on_a_full_disk(run, 5_000)
    page.run()
    assert page.error[0].value.startswith(FULL)
    assert page.metric[0].label == "Test accuracy"


def test_a_disk_without_room_for_another_run_says_where_to_make_some(page, monkeypatch):
    page.run()
    monkeypatch.setattr(Path, "mkdir", no_room)
    button(page, "Start").click().run()
    assert not page.exception
    assert ["No space left on device. Make room there" in error.value for error in page.error] == [
        True
    ]
    assert list_runs() == []


def no_room(*_, **__):
    raise OSError(28, "No space left on device")
