"""What the Train page shows of a run: its curves, its reader, and what is wrong with it."""

import json
import os
import shutil
from dataclasses import replace

import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.progress import ChunkDone
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.metrics import to_line
from mnist_rnn.runs.status import FAILED, FINISHED, RUNNING, STOPPED
from tests.pages.in_process import button
from tests.pages.train_page import (
    MODEL,
    TRAIN,
    add_epoch,
    labels,
    run_menu,
    run_with_a_curve,
    said,
    save_best,
)
from tests.run_folders import finished_run


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
    assert run_menu(page).value == first.id
    assert page.number_input(key="units").value == 2
    assert page.pills(key="head").value == "many_to_many"


@pytest.mark.parametrize("run_id", ["../../etc", "nothing", "20200101-000000-000000-00000000"])
def test_a_link_to_an_unknown_run_gets_a_sentence_and_the_newest(page, run_id):
    newest = run_with_a_curve()
    page.query_params["run"] = run_id
    page.run()
    assert not page.exception
    assert "no such run" in said(page)
    assert run_menu(page).value == newest.id


@pytest.mark.parametrize("name", ["config.json", "status.json", "metrics.jsonl"])
def test_a_damaged_run_does_not_break_the_page(page, name):
    run = run_with_a_curve()
    (run.folder / name).write_bytes(b"\xff{")
    page.run()
    assert not page.exception
    assert "Start" in labels(page)
