"""The Train page, run in-process without a browser."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn import runs, weights
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.metrics import to_line
from mnist_rnn.presets import PRESETS
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.states import FAILED, FINISHED, PAUSED, QUEUED, RUNNING, STOPPED, UNREADABLE, Control
from mnist_rnn.weights import Card
from ui.live import is_live
from ui.menu import HAS_MENU

PAGE = str(Path(__file__).parents[1] / "pages" / "train.py")
MODEL, TRAIN = ModelConfig(head="many_to_many", units=2), TrainConfig(epochs=4)


class SilentSupervisor:
    """Stands in for the real one: nothing is trained, so that every state can be looked at."""

    def __init__(self, root):
        self.root = root

    def warm(self):
        pass

    look = warm


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    monkeypatch.setattr("ui.live.Supervisor", SilentSupervisor)
    page = AppTest.from_file(PAGE, default_timeout=60)
    page.session_state[HAS_MENU] = True
    return page


def run_with_a_curve(epochs=2):
    run = runs.create(MODEL, TRAIN)
    with run.metrics.open("wb") as file:
        for epoch in range(1, epochs + 1):
            for images in (500, 1000):
                chunk = ChunkDone(epoch, images, 1000, epoch + images / 1000, 1.0, 0.5)
                file.write(to_line(chunk))
            done = EpochDone(epoch, epoch, 0.001, 1.0, 0.5, 1.0, (0.1,) * 27 + (0.6,), {})
            file.write(to_line(done))
    return run


def save_best(run):
    tensors = {name: np.zeros(shape, np.float32) for name, shape in weights.shapes(MODEL).items()}
    weights.save(run.best, tensors, Card(MODEL, TRAIN, 2, (0.125,) * 28, (0.125,) * 10))


def button(page, label):
    return next(button for button in page.button if button.label == label)


def labels(page):
    return [button.label for button in page.button]


def said(page):
    kinds = (page.markdown, page.caption, page.info, page.warning, page.error)
    return " ".join(element.value for kind in kinds for element in kind)


def test_an_empty_page_says_what_to_do(page):
    page.run()
    assert not page.exception
    assert "Press **Start**" in said(page)
    assert labels(page) == ["Start"]


def test_start_puts_a_run_with_the_chosen_settings_into_the_queue(page):
    page.run()
    page.segmented_control(key="head").set_value("many_to_many")
    page.number_input(key="epochs").set_value(3)
    page.number_input(key="train_images").set_value(5000)
    button(page, "Start").click().run()
    assert not page.exception
    (run,) = runs.list_runs()
    model, train = run.config()
    assert (model.head, train.epochs, train.train_images) == ("many_to_many", 3, 5000)
    assert run.status().state == QUEUED
    assert page.query_params["run"] == run.id
    assert "next" in said(page)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_sets_all_widgets(page, name):
    page.run()
    page.selectbox(key="preset").set_value(name).run()
    assert page.selectbox(key="preset").value == name
    button(page, "Start").click().run()
    assert not page.exception
    (run,) = runs.list_runs()
    assert run.config() == (PRESETS[name].model, PRESETS[name].train)


def test_settings_that_only_convolutions_have_appear_with_them(page):
    page.run()
    shown = [control.key for control in page.segmented_control]
    assert "order" not in shown
    page.segmented_control(key="backbone").set_value("cnn_rnn").run()
    shown = [control.key for control in page.segmented_control]
    assert "order" in shown


def test_settings_that_clash_are_told_in_one_sentence(page):
    page.run()
    page.number_input(key="train_images").set_value(100)
    page.number_input(key="batch_size").set_value(200)
    button(page, "Start").click().run()
    assert not page.exception
    assert [error.value for error in page.error] == [
        "batch_size (200) must not be larger than train_images (100)."
    ]
    assert runs.list_runs() == []


def test_a_place_in_the_queue_is_told(page):
    runs.create(MODEL, TRAIN), runs.create(MODEL, TRAIN)
    page.run()
    assert "1 run is ahead" in said(page)
    button(page, "Leave the queue").click().run()
    assert runs.list_runs()[-1].control().state == STOPPED


def test_a_run_under_way_can_be_paused_resumed_and_stopped(page):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    page.run()
    assert len(page.get("plotly_chart")) == 3
    for label, state in (("Pause", PAUSED), ("Resume", RUNNING), ("Stop", STOPPED)):
        button(page, label).click().run()
        assert run.control().state == state
    assert labels(page) == ["Start"]
    assert not page.exception


def test_the_course_of_a_run_under_way_can_be_changed(page):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    page.run()
    rate, epochs = (f"steer-{name}-{run.id}" for name in ("learning_rate", "epochs"))
    assert page.number_input(key=epochs).value == TRAIN.epochs
    page.number_input(key=epochs).set_value(9).run()
    page.number_input(key=rate).set_value(0.5).run()
    assert not page.exception
    assert run.control() == Control(RUNNING, 0.5, 9)


def test_a_run_is_called_the_same_whatever_becomes_of_it(page):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    page.run()
    called = page.selectbox(key="run").options
    run.set_status(FINISHED)
    page.run()
    assert page.selectbox(key="run").options == called


def test_a_status_torn_by_a_full_disk_is_looked_at_again(page):
    run = run_with_a_curve()
    assert is_live(run, UNREADABLE)
    shutil.rmtree(run.folder)
    assert not is_live(run, UNREADABLE)


@pytest.mark.parametrize("shown", [True, False])
def test_a_run_deleted_while_the_page_is_drawn_breaks_nothing(page, monkeypatch, shown):
    run, gone = run_with_a_curve(), runs.create(MODEL, TRAIN)
    shutil.rmtree(gone.folder)
    listed = [run, gone] if shown else [gone, run]
    monkeypatch.setattr(runs, "list_runs", lambda root=None: listed)
    page.run()
    assert not page.exception
    assert ("no such run" in said(page)) == shown


def test_a_finished_run_shows_its_test_accuracy_and_offers_the_reader(page):
    run = run_with_a_curve()
    save_best(run)
    run.keras_model.write_bytes(b"a model")
    run.set_status(FINISHED)
    page.run()
    assert [(metric.label, metric.value) for metric in page.metric][:2] == [
        ("Test accuracy", "12.5%"),
        ("Best epoch", "2 of 2"),
    ]
    assert [download.label for download in page.get("download_button")] == [
        ".safetensors",
        ".keras",
    ]
    assert "See it read" in labels(page)


@pytest.mark.parametrize(("state", "last_epoch"), [(RUNNING, 4), (STOPPED, 2)])
def test_curves_end_with_the_plan_or_where_the_run_was_stopped(page, state, last_epoch):
    run_with_a_curve().set_status(state, pid=os.getpid())
    page.run()
    axis = json.loads(page.get("plotly_chart")[0].proto.spec)["layout"]["xaxis"]
    assert last_epoch <= axis["range"][1] < last_epoch + 1


def test_a_failed_run_says_why_and_still_offers_what_it_learned(page):
    run = run_with_a_curve()
    save_best(run)
    run.set_status(FAILED, "The loss is not finite.")
    page.run()
    assert [error.value for error in page.error] == ["The loss is not finite."]
    assert "See it read" in labels(page)


def test_a_link_opens_its_run_with_its_settings(page):
    first, _ = run_with_a_curve(), runs.create(ModelConfig(), TrainConfig())
    first.set_status(FINISHED)
    page.query_params["run"] = first.id
    page.run()
    assert page.selectbox(key="run").value == first.id
    assert page.number_input(key="units").value == 2
    assert page.segmented_control(key="head").value == "many_to_many"


@pytest.mark.parametrize("run_id", ["../../etc", "nothing", "20200101-000000-000000-00000000"])
def test_a_link_to_an_unknown_run_gets_a_sentence_and_the_newest(page, run_id):
    newest = run_with_a_curve()
    page.query_params["run"] = run_id
    page.run()
    assert not page.exception
    assert "no such run" in said(page)
    assert page.selectbox(key="run").value == newest.id


@pytest.mark.parametrize("name", ["config.json", "status.json", "metrics.jsonl"])
def test_a_damaged_run_does_not_break_the_page(page, name):
    run = run_with_a_curve()
    (run.folder / name).write_bytes(b"\xff{")
    page.run()
    assert not page.exception
    assert labels(page)[0] == "Start"


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(page, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path / "file"))
    page.run()
    button(page, "Start").click().run()
    assert not page.exception
    assert "MNIST_RNN_RUNS" in page.error[0].value
