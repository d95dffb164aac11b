"""A run on the Train page from the queue on: paused, steered, given more epochs, stopped."""

import os

from mnist_rnn import runs
from mnist_rnn.files import stamp
from mnist_rnn.runs.metrics import Change, to_line
from mnist_rnn.runs.status import CONTROL, FINISHED, PAUSED, RUNNING, STARTING, STOPPED, Control
from tests.pages.in_process import button
from tests.pages.train_page import (
    EPOCHS,
    MODEL,
    RATE,
    TRAIN,
    add_epoch,
    field,
    labels,
    run_menu,
    run_with_a_curve,
    said,
)
from tests.run_folders import list_runs


def test_a_place_in_the_queue_is_told(page):
    runs.create(MODEL, TRAIN), runs.create(MODEL, TRAIN)
    page.run()
    assert "1 run is ahead" in said(page)
    button(page, "Leave the queue").click().run()
    assert list_runs()[-1].control().state == STOPPED


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
    called = run_menu(page).options
    run.set_status(FINISHED)
    page.run()
    assert run_menu(page).options == called


def test_the_page_says_what_it_waits_for(page):
    run = runs.create(MODEL, TRAIN)
    for state, words in ((STARTING, "training process"), (RUNNING, "compiling this network")):
        run.set_status(state, pid=os.getpid())
        page.run()
        assert words in page.get("progress")[0].proto.text
        assert len(page.get("plotly_chart")) == 2  # empty, but there
