"""All runs on the Runs page: their table, and those that are compared."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network import weights
from mnist_rnn.runs import create, housekeeping
from tests.pages.runs_page import legend, said
from tests.run_folders import TINY, finished_run, list_runs


def test_without_runs_it_says_where_they_come_from(page):
    page.run()
    assert not page.exception
    assert "Train" in said(page)


def test_the_newest_two_are_compared_at_first_by_what_differs(page, pair):
    page.run()
    assert not page.exception
    assert legend(page) == ["many-to-many", "many-to-one"]
    assert "Same in all: RNN, SimpleRNN, hidden units 2, epochs 2" in said(page)


def test_the_table_says_what_came_of_each_run(page, pair):
    waiting = create(ModelConfig(units=3), TrainConfig(learning_rate=0.5, seed=7))
    page.run()
    table = page.dataframe[0].value
    assert list(table["State"]) == ["queued", "finished", "finished"]
    assert table["Network"][0] == "RNN, many-to-one, 3 units"
    assert (table["Settings"][0], table["Seed"][0]) == ("learning rate 0.5", 7)
    assert list(table["Epochs"]) == ["0 of 20", "2", "2"]
    assert list(table["Validation"])[1:] == [0.75, 0.75]
    assert list(table["Time"])[1:] == ["0:20", "0:20"]
    assert waiting.id == list_runs()[-1].id


def test_the_table_has_the_mean_of_all_rows_where_all_rows_answer(page):
    for head in ("many_to_one", "many_to_many"):
        run = finished_run(model=ModelConfig(head=head, units=2))
        tensors, card = weights.load(run.best)
        by_row = tuple(np.linspace(0.2, 0.9, 28).tolist())
        weights.save(run.best, tensors, replace(card, accuracy_by_timestep=by_row))
    page.run()
    table = page.dataframe[0].value
    assert list(table["Test"]) == [0.9, 0.9]
    newest, oldest = table["Mean of all rows"]
    assert newest == pytest.approx(0.55)
    assert np.isnan(oldest)


def test_the_table_counts_epochs_by_the_course_that_was_steered(page):
    finished_run().steer(epochs=50)
    page.run()
    assert page.dataframe[0].value["Epochs"][0] == "2 of 50"


def test_of_many_runs_the_newest_are_listed_and_older_ones_are_found(page, monkeypatch):
    monkeypatch.setattr("ui.runs.table.MOST_LISTED", 2)
    made = [finished_run() for _ in range(5)]
    for number, run in enumerate(made):
        run.mark(name=f"Run {number}")
    page.run()
    assert list(page.dataframe[0].value["Run"]) == ["Run 4", "Run 3"]
    page.text_input(key="find").set_value("rUN 0").run()
    assert not page.exception
    assert list(page.dataframe[0].value["Run"]) == ["Run 0"]
    # Ticks on another page stay.
    assert page.session_state["compared"] == [made[4].id, made[3].id]
    page.text_input(key="find").set_value("").run()
    page.session_state["page-of-3"] = 3
    page.run()
    assert list(page.dataframe[0].value["Run"]) == ["Run 0"]


@pytest.mark.parametrize(
    "name", ["config.json", "status.json", "metrics.jsonl", "best.safetensors", "label.json"]
)
def test_a_damaged_run_does_not_break_the_page(page, pair, name):
    (pair[1].folder / name).write_bytes(b"\xff{")
    page.run()
    assert not page.exception
    assert len(page.dataframe[0].value) == 2


def test_a_damaged_run_is_not_said_to_have_curves_soon(page):
    run = create(TINY, TrainConfig(epochs=2))
    (run.folder / "config.json").write_bytes(b"{")
    page.run()
    assert not page.exception
    (warning,) = page.warning
    assert "is missing or damaged" in warning.value
    assert "no epoch was done" in said(page)
    assert "after the first epoch" not in said(page)


def test_runs_that_are_gone_are_compared_no_more(page, pair):
    page.run()
    housekeeping.delete(pair[0])
    page.run()
    assert not page.exception
    assert list(page.session_state["compared"]) == [pair[1].id]
    assert len(list_runs()) == 1
