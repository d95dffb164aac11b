"""Rows and one digit over epochs, on the Train page."""

import json

from mnist_rnn import runs
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.progress import ChunkDone
from mnist_rnn.runs.metrics import to_line
from mnist_rnn.runs.status import FINISHED, RUNNING
from tests.networks import random_tensors
from tests.pages.in_process import button
from tests.pages.train_page import (
    MODEL,
    TRAIN,
    add_epoch,
    labels,
    run_with_a_curve,
    said,
    view_menu,
)


def with_snapshots(run, epochs=2):
    for epoch in range(1, epochs + 1):
        weights.save(run.snapshot(epoch), random_tensors(MODEL, epoch), Card(MODEL, TRAIN, epoch))
    return run


def show(page, view):
    view_menu(page).set_value(view).run()
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
