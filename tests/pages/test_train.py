"""The Train page, run in-process without a browser."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.files import stamp
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.presets import PRESETS
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.metrics import Change, to_line
from mnist_rnn.runs.status import (
    CONTROL,
    FAILED,
    FINISHED,
    PAUSED,
    QUEUED,
    RUNNING,
    STARTING,
    STOPPED,
    Control,
)
from tests.networks import random_tensors
from tests.run_folders import finished_run
from ui.page import HAS_MENU

PAGE = str(Path(__file__).parents[2] / "pages" / "train.py")
RATE, EPOCHS = "Learning rate from now on", "Epochs in all"
MODEL, TRAIN = ModelConfig(head="many_to_many", units=2), TrainConfig(epochs=4)


class SilentSupervisor:
    """Stands in for the real one: nothing is trained, so that every state can be looked at."""

    def __init__(self, root):
        self.root = root

    def warm(self, wanted=None):
        pass

    look = warm


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    monkeypatch.setattr("ui.stored.Supervisor", SilentSupervisor)
    page = AppTest.from_file(PAGE, default_timeout=60)
    page.session_state[HAS_MENU] = True
    return page


def run_with_a_curve(epochs=2):
    run = runs.create(MODEL, TRAIN)
    for epoch in range(1, epochs + 1):
        add_epoch(run, epoch)
    return run


def add_epoch(run, epoch):
    with run.metrics.open("ab") as file:
        for images in (500, 1000):
            chunk = ChunkDone(epoch, images, 1000, epoch + images / 1000, 1.0, 0.5)
            file.write(to_line(chunk))
        done = EpochDone(epoch, epoch, 0.001, 1.0, 0.5, 1.0, (0.1,) * 27 + (0.6,), {})
        file.write(to_line(done))


def save_best(run):
    tensors = {name: np.zeros(shape, np.float32) for name, shape in weights.shapes(MODEL).items()}
    weights.save(run.best, tensors, Card(MODEL, TRAIN, 2, (0.125,) * 28, (0.125,) * 10))


def button(page, label):
    return next(button for button in page.button if button.label == label)


def field(page, label):
    return next(field for field in page.number_input if field.label == label)


def labels(page):
    return [button.label for button in page.button]


def said(page):
    kinds = (page.markdown, page.caption, page.info, page.warning, page.error)
    return " ".join(element.value for kind in kinds for element in kind)


def test_an_empty_page_says_what_to_do(page):
    page.run()
    assert not page.exception
    assert "Press **Compare both**" in said(page)
    assert labels(page) == ["Compare both", "Start"]
    assert len(page.get("plotly_chart")) == 1


def test_start_puts_a_run_with_the_chosen_settings_into_the_queue(page):
    page.run()
    page.pills(key="head").set_value("many_to_many")
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


def test_what_a_hidden_widget_was_set_to_does_not_count(page):
    page.run()
    page.number_input(key="recurrent_dropout").set_value(0.3)
    page.segmented_control(key="kernel_regularizer").set_value("l2")
    page.segmented_control(key="cell").set_value("gru").run()
    assert "recurrent_dropout" not in [field.key for field in page.number_input]
    button(page, "Start").click().run()
    assert not page.error
    (run,) = runs.list_runs()
    _, train = run.config()
    assert (train.recurrent_dropout, train.kernel_regularizer) == (0, "l2")


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
    assert labels(page) == ["Compare both", "Start"]
    assert not page.exception


def test_a_paused_run_that_has_made_way_says_so_and_can_be_resumed(page):
    run = run_with_a_curve()
    run.steer(state=PAUSED)
    page.run()
    assert not page.exception
    assert "made way for the next run" in said(page)
    assert "next." not in said(page)
    assert {"Resume", "Leave the queue"} <= set(labels(page))
    button(page, "Resume").click().run()
    assert run.control().state == RUNNING
    assert "made way" not in said(page)
    assert "It is next." in said(page)


def test_the_course_of_a_run_under_way_can_be_changed(page):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    page.run()
    assert field(page, EPOCHS).value == TRAIN.epochs
    field(page, EPOCHS).set_value(9)
    field(page, RATE).set_value(0.5)
    button(page, "Apply").click().run()
    assert not page.exception
    assert run.control() == Control(RUNNING, 0.5, 9)


def test_a_course_that_was_not_changed_asks_for_nothing(page):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    page.run()
    before = stamp(run.folder / CONTROL)
    button(page, "Apply").click().run()
    assert stamp(run.folder / CONTROL) == before
    run.steer(epochs=7)
    page.run()
    field(page, RATE).set_value(0.5)
    button(page, "Apply").click().run()
    assert run.control() == Control(RUNNING, 0.5, 7)


def test_the_fields_show_what_somebody_else_asked_for(page):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    page.run()
    run.steer(learning_rate=0.25, epochs=12)
    page.run()
    assert (field(page, RATE).value, field(page, EPOCHS).value) == (0.25, 12)


def test_a_dotted_line_is_explained_once_there_is_one(page):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    assert "dotted line" not in said(page.run())
    with run.metrics.open("ab") as file:
        file.write(to_line(Change(2, 500, 0.1, None)))
    assert "dotted line" in said(page.run())


def test_one_more_epoch_of_a_run_under_way_is_one_more_in_all(page):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    page.run()
    button(page, "+1 epoch").click().run()
    button(page, "+1 epoch").click().run()
    assert not page.exception
    assert run.control() == Control(RUNNING, epochs=TRAIN.epochs + 2)
    assert field(page, EPOCHS).value == TRAIN.epochs + 2


def test_one_more_epoch_of_a_paused_run_pauses_again_after_it(page):
    run = run_with_a_curve(epochs=4)
    run.set_status(RUNNING)
    page.run()
    button(page, "Pause").click().run()
    assert "pauses again" in page.get("progress")[0].proto.text
    button(page, "+1 epoch").click().run()
    assert run.control() == Control(RUNNING, epochs=5, pause_after=5)
    add_epoch(run, 5)
    page.run()
    assert "Pause" not in labels(page)
    button(page, "Resume").click().run()
    assert not page.exception
    assert run.control() == Control(RUNNING, epochs=5)


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
    (run.folder / "status.json").write_text("{")
    assert row_of(run).is_live
    shutil.rmtree(run.folder)
    assert not row_of(run).is_live


@pytest.mark.parametrize("shown", [True, False])
def test_a_run_deleted_while_the_page_is_drawn_breaks_nothing(page, monkeypatch, shown):
    run, gone = run_with_a_curve(), runs.create(MODEL, TRAIN)
    shutil.rmtree(gone.folder)
    listed = [run.id, gone.id] if shown else [gone.id, run.id]
    monkeypatch.setattr("mnist_rnn.runs.ledger.list_ids", lambda root: listed)
    page.run()
    assert not page.exception
    assert ("no such run" in said(page)) == shown


def test_a_finished_many_to_many_shows_the_mean_of_all_rows_and_says_what_it_is(page):
    finished_run(model=ModelConfig(head="many_to_many", units=2))
    page.run()
    assert not page.exception
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown["Mean of all rows"] == "75.0%"
    assert "accuracy that Keras's `fit` prints" in said(page)


def test_a_finished_run_shows_its_test_accuracy_and_offers_the_reader(page):
    run = run_with_a_curve()
    save_best(run)
    run.keras_model.write_bytes(b"a model")
    run.set_status(FINISHED)
    page.run()
    assert [(metric.label, metric.value) for metric in page.metric][:3] == [
        ("Test accuracy", "12.5%"),
        ("Mean of all rows", "12.5%"),
        ("Best epoch", "2 of 2"),
    ]
    assert [download.label for download in page.get("download_button")] == [
        ".safetensors",
        ".keras",
        ".csv",
    ]
    assert "See it read" in labels(page)
    button(page, "Mistakes").click().run()
    assert page.session_state["reader"] == run.id


def test_the_mistakes_of_a_run_under_way_can_be_looked_at_once_an_epoch_is_done(page):
    run = run_with_a_curve(epochs=0)
    run.set_status(RUNNING)
    page.run()
    assert "Mistakes" not in labels(page)
    add_epoch(run, 1)
    page.run()
    assert "Mistakes" in labels(page)


@pytest.mark.parametrize(("state", "last_epoch"), [(RUNNING, 4), (STOPPED, 2)])
def test_curves_end_with_the_plan_or_where_the_run_was_stopped(page, state, last_epoch):
    run_with_a_curve().set_status(state, pid=os.getpid())
    page.run()
    axis = json.loads(page.get("plotly_chart")[0].proto.spec)["layout"]["xaxis"]
    assert last_epoch <= axis["range"][1] < last_epoch + 1


def test_a_run_that_diverges_is_explained_while_it_trains(page):
    run = runs.create(MODEL, replace(TRAIN, learning_rate=0.2))
    chunks = (ChunkDone(1, images, 4000, images / 1000, 6.4, 0.1) for images in (1000, 2000, 3000))
    run.metrics.write_bytes(b"".join(map(to_line, chunks)))
    run.set_status(RUNNING)
    page.run()
    (warning,) = page.warning
    assert "diverges" in warning.value
    assert "6.4" in warning.value
    assert "a learning rate of 0.02" in " ".join(warning.value.split())


def test_what_differs_from_the_preset_is_named_and_taken_back_by_a_click(page):
    page.run()
    assert "Undo" not in labels(page)
    page.selectbox(key="preset").set_value("rnn-many_to_many-2016").run()
    page.number_input(key="epochs").set_value(7)
    page.number_input(key="units").set_value(9).run()
    assert page.selectbox(key="preset").value == "rnn-many_to_many-2016"
    assert "Changed: hidden units 9, not 50; epochs 7, not 200" in said(page)
    marked = page.get("html")
    assert any(".st-key-units" in mark.proto.body for mark in marked)
    button(page, "Undo").click().run()
    assert not page.exception
    assert (page.number_input(key="epochs").value, page.number_input(key="units").value) == (
        200,
        50,
    )
    assert "Undo" not in labels(page)


def test_settings_of_a_link_are_told_as_changes_of_the_closest_preset(page):
    page.query_params["head"] = "many_to_many"
    page.query_params["seed"] = "3"
    page.run()
    assert page.selectbox(key="preset").value == "rnn-many_to_many-minute"
    assert "Changed: seed 3, not 0" in said(page)


def test_a_setting_without_effect_is_no_change(page):
    page.run()
    page.segmented_control(key="backbone").set_value("cnn_rnn").run()
    page.segmented_control(key="order").set_value("row_major").run()
    page.segmented_control(key="backbone").set_value("rnn").run()
    assert page.selectbox(key="preset").value == "rnn-many_to_one-minute"
    assert "Changed" not in said(page)


def test_the_page_says_what_it_waits_for(page):
    run = runs.create(MODEL, TRAIN)
    for state, words in ((STARTING, "training process"), (RUNNING, "compiling this network")):
        run.set_status(state, pid=os.getpid())
        page.run()
        assert words in page.get("progress")[0].proto.text
        assert len(page.get("plotly_chart")) == 2  # empty, but there


def test_curves_are_in_the_colour_of_their_head_smoothed_and_raw_and_the_best_is_marked(page):
    run = run_with_a_curve(epochs=3)
    run.set_status(RUNNING)
    page.run()
    spec = json.loads(page.get("plotly_chart")[0].proto.spec)
    raw, smooth, validation, best, of_all = spec["data"]
    assert of_all["name"] == "mean of all rows"
    colour = PALETTES["light"].heads["many_to_many"]
    assert {trace["line"]["color"] for trace in (raw, smooth, validation)} == {colour}
    assert raw["opacity"] < 0.5
    assert best["marker"]["symbol"] == "star"
    assert "★ 60.0%, epoch 1" in validation["name"]
    page.segmented_control(key="train-axis").set_value("second").run()
    layout = json.loads(page.get("plotly_chart")[0].proto.spec)["layout"]
    assert layout["xaxis"]["title"]["text"] == "seconds of training"
    assert not page.exception


def test_a_preset_says_what_it_will_show(page):
    page.run()
    assert page.selectbox(key="preset").value == "rnn-many_to_one-minute"
    page.selectbox(key="preset").set_value("rnn-many_to_one-too-fast").run()
    assert "overshoots" in said(page)


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
    assert page.pills(key="head").value == "many_to_many"


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
    assert "Start" in labels(page)


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(page, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path / "file"))
    page.run()
    button(page, "Start").click().run()
    assert not page.exception
    assert "MNIST_RNN_RUNS" in page.error[0].value


def with_snapshots(run, epochs=2):
    for epoch in range(1, epochs + 1):
        weights.save(run.snapshot(epoch), random_tensors(MODEL, epoch), Card(MODEL, TRAIN, epoch))
    return run


def show(page, view):
    page.segmented_control(key="train-view").set_value(view).run()
    assert not page.exception


def shown_epoch(page):
    return json.loads(page.get("plotly_chart")[-1].proto.spec)["layout"]["annotations"][-1]["text"]


def test_rows_over_epochs_wait_for_the_first_epoch(page):
    run = runs.create(MODEL, TRAIN)
    run.metrics.write_bytes(to_line(ChunkDone(1, 500, 1000, 1.0, 1.0, 0.5)))
    run.set_status(RUNNING)
    page.run()
    for view in ("Rows over epochs", "One digit over epochs"):
        show(page, view)
        assert "when the first epoch is done" in said(page)
    add_epoch(run, 1)
    show(page, "Rows over epochs")
    assert len(page.get("plotly_chart")) == 1
    assert "Bright is right" in said(page)


def test_one_digit_follows_the_newest_epoch_until_another_is_chosen(page):
    run = with_snapshots(run_with_a_curve(), epochs=4)
    run.set_status(RUNNING)
    page.run()
    show(page, "One digit over epochs")
    assert "After epoch 2" in shown_epoch(page)
    add_epoch(run, 3)
    page.run()
    assert "After epoch 3" in shown_epoch(page)
    page.slider(key=f"epoch-{run.id}").set_value(1).run()
    add_epoch(run, 4)
    page.run()
    assert "After epoch 1" in shown_epoch(page)
    button(page, "Follow").click().run()
    assert "After epoch 4" in shown_epoch(page)
    assert "Follow" not in labels(page)
    assert not page.exception


def test_a_redrawing_that_was_on_its_way_when_an_epoch_ended_chooses_none(page):
    run = with_snapshots(run_with_a_curve(), epochs=4)
    run.set_status(RUNNING)
    page.run()
    show(page, "One digit over epochs")
    add_epoch(run, 3)
    page.run()
    slider = f"epoch-{run.id}"
    for _ in range(2):  # the browser has not been told of epoch 3, and says 2
        page.slider(key=slider).set_value(2).run()
        assert "After epoch 3" in shown_epoch(page)
    page.run()
    page.slider(key=slider).set_value(2).run()
    assert "After epoch 2" in shown_epoch(page)
    assert "Follow" in labels(page)


def test_two_epochs_that_end_before_the_browser_is_told_choose_none(page):
    run = with_snapshots(run_with_a_curve(), epochs=4)
    run.set_status(RUNNING)
    page.run()
    show(page, "One digit over epochs")
    add_epoch(run, 3)
    page.run()
    add_epoch(run, 4)
    for told in (2, 3):
        page.slider(key=f"epoch-{run.id}").set_value(told).run()
        assert "After epoch 4" in shown_epoch(page)
        assert "Follow" not in labels(page)


def test_one_digit_of_a_finished_run_is_read_after_any_epoch_and_row(page):
    with_snapshots(run_with_a_curve()).set_status(FINISHED)
    page.run()
    show(page, "One digit over epochs")
    page.slider(key="step-of-28").set_value(7).run()
    page.selectbox(key="probe-digit").set_value(1).run()
    page.number_input(key="probe-example").set_value(1135).run()
    page.selectbox(key="probe-digit").set_value(5).run()
    assert not page.exception
    assert page.number_input(key="probe-example").value == 892
    page.segmented_control(key="probe").set_value("My drawing").run()
    assert not page.exception
    assert "Draw a digit" in said(page)
    assert page.get("plotly_chart") == []


def test_one_digit_may_be_the_drawing_of_the_draw_page(page):
    with_snapshots(run_with_a_curve()).set_status(FINISHED)
    path = [["M", 100.0, 40.0], ["L", 100.0, 220.0]]
    stroke = {"type": "Path", "path": path, "left": 100, "top": 130, "strokeWidth": 20}
    page.session_state["drawing"] = {"objects": [stroke]}
    page.run()
    show(page, "One digit over epochs")
    page.segmented_control(key="probe").set_value("My drawing").run()
    assert not page.exception
    assert len(page.get("plotly_chart")) == 2


def test_lost_snapshots_are_told(page):
    run_with_a_curve().set_status(FINISHED)
    page.run()
    show(page, "One digit over epochs")
    assert "not there any more" in said(page)
