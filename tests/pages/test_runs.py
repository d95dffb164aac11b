"""The Runs page, run in-process without a browser."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save as to_safetensors
from streamlit.testing.v1 import AppTest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.runs import MARKERS, Compared, overlay_figure
from mnist_rnn.network import weights
from mnist_rnn.runs import create, housekeeping, list_runs
from mnist_rnn.runs.labels import read_label
from mnist_rnn.runs.ledger import curves_of, row_of, rows
from mnist_rnn.runs.status import RUNNING
from tests.networks import random_tensors
from tests.run_folders import TINY, finished_run
from ui.page import HAS_MENU
from ui.settings import in_common, names_apart

PAGE = str(Path(__file__).parents[2] / "pages" / "runs.py")


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    page = AppTest.from_file(PAGE, default_timeout=60)
    page.session_state[HAS_MENU] = True
    return page


@pytest.fixture
def pair(page):
    """Two runs that differ in the head alone."""
    return [
        finished_run(model=ModelConfig(head=head, units=2))
        for head in ("many_to_one", "many_to_many")
    ]


def open_run(page, run):
    page.session_state["compared"] = [run.id]
    page.run()
    assert not page.exception
    return page


def field(page, label):
    return next(field for field in (*page.text_input, *page.text_area) if field.label == label)


def button(page, label):
    return next(button for button in page.button if button.label == label)


def legend(page):
    traces = json.loads(page.get("plotly_chart")[0].proto.spec)["data"]
    return [trace["name"] for trace in traces if trace.get("showlegend") is not False]


def said(page):
    kinds = (page.markdown, page.text, page.caption, page.info, page.error)
    return " ".join(element.value for kind in kinds for element in kind)


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


def test_runs_with_equal_settings_are_told_apart_by_name(tmp_path):
    first, second, other = (finished_run(tmp_path) for _ in range(3))
    housekeeping.rename(first, "Anna")
    names = names_apart([row_of(first), row_of(second)])
    assert names == [row_of(first).title, row_of(second).title]
    (other.folder / "config.json").unlink()
    (damaged,) = names_apart([row_of(other)])
    assert damaged.startswith("Damaged run")


def test_damaged_runs_have_nothing_in_common(tmp_path):
    (finished_run(tmp_path).folder / "config.json").unlink()
    assert in_common(rows(tmp_path)) == ""


@pytest.mark.parametrize("theme", PALETTES)
def test_six_curves_differ_in_colour_and_marker_and_take_names_as_text(tmp_path, theme):
    curves = curves_of(finished_run(tmp_path))
    alone = [[head] * 6 for head in (None, *PALETTES[theme].heads)]
    for heads in (["many_to_one", "many_to_many"] * 3, *alone, ["one_to_one", "one_to_many"] * 3):
        figure = overlay_figure([Compared(f"<b>{h}</b>", h, curves) for h in heads], theme)
        solid = [trace for trace in figure.data if trace.mode == "lines+markers"][::2]
        assert len({trace.line.color for trace in solid}) == 6
        assert [trace.marker.symbol for trace in solid] == list(MARKERS)
    assert solid[0].name == "&lt;b&gt;one_to_one&lt;/b&gt;"
    assert list(solid[0].y) == [0.5, 0.75]
    # Nobody trains half an epoch.
    assert figure.layout.xaxis.dtick == figure.layout.xaxis2.dtick == 1


@pytest.mark.parametrize("theme", PALETTES)
def test_a_head_has_its_colour_whatever_the_order_of_the_runs(tmp_path, theme):
    curves, colours = curves_of(finished_run(tmp_path)), PALETTES[theme].heads
    pair = ["many_to_one", "many_to_many"]
    for heads in (pair, pair[::-1], ["many_to_one"] * 5):
        figure = overlay_figure([Compared(head, head, curves) for head in heads], theme)
        shown = {trace.line.color: trace.name for trace in figure.data}
        for head in pair:
            assert shown.get(colours[head]) == (head if head in heads else None)


def test_a_name_and_a_note_are_kept_and_shown_as_text(page, pair):
    run = pair[0]
    open_run(page, run)
    field(page, "Name").set_value("<b>Anna</b> *1*").run()
    field(page, "Notes").set_value("# Why?").run()
    assert not page.exception
    assert read_label(run.folder).name == "<b>Anna</b> *1*"
    row = page.dataframe[0].value.iloc[1]
    assert (row["Run"], row["Note"]) == ("<b>Anna</b> *1*", "# Why?")
    assert not any("Anna" in element.value for element in (*page.markdown, *page.caption))


def test_a_name_that_is_taken_is_refused_in_one_sentence(page, pair):
    housekeeping.rename(pair[1], "Anna")
    open_run(page, pair[0])
    field(page, "Name").set_value("anna").run()
    assert [error.value for error in page.error] == [
        "Another run has this name: choose a different one."
    ]
    assert read_label(pair[0].folder).name == ""


def test_publishing_pins_the_reader(page, pair):
    open_run(page, pair[0])
    page.toggle[0].set_value(True).run()
    assert not page.exception
    assert read_label(pair[0].folder).published
    assert list(page.dataframe[0].value["Published"]) == [False, True]


def test_a_run_is_deleted_only_by_the_second_button(page, pair):
    open_run(page, pair[0])
    button(page, "Delete for good").click().run()
    assert not page.exception
    assert list_runs() == [pair[1]]
    assert len(page.dataframe[0].value) == 1


def test_a_run_under_way_can_be_named_but_not_published_nor_deleted(page, pair):
    run = pair[0]
    run.set_status(RUNNING)
    open_run(page, run)
    assert page.toggle[0].disabled
    assert button(page, "See it read").disabled
    assert [offer.label for offer in page.get("download_button")] == [".csv"]
    # Its status changed after the page was drawn, as far as the button knows.
    button(page, "Delete for good").click().run()
    assert "stop it first" in page.error[0].value
    assert run.folder.is_dir()
    field(page, "Name").set_value("Anna").run()
    assert read_label(run.folder).name == "Anna"


def test_everything_can_be_downloaded_once_it_has_ended(page, pair):
    open_run(page, pair[0])
    offers = [offer.label for offer in page.get("download_button")]
    assert offers == [".safetensors", ".keras", ".csv"]


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
    assert len(runs.list_runs()) == 1


def test_the_mistakes_of_a_run_are_one_click_away(page, pair):
    open_run(page, pair[0])
    page.session_state["reader"] = "another"
    button(page, "Mistakes").click().run()
    assert page.session_state["reader"] == pair[0].id


def exported(**metadata):
    """A network as Keras's users export it."""
    tensors = random_tensors(ModelConfig(units=2))
    return to_safetensors({name.replace(".", "/"): t for name, t in tensors.items()}, metadata)


def give(page, name, data):
    page.get("file_uploader")[0].upload(name, data, "application/octet-stream").run()
    assert not page.exception


def test_a_network_is_imported_measured_and_can_be_deleted(page, tmp_path):
    page.run()
    give(page, "anna.safetensors", exported(head="many_to_many"))
    button(page, "Import").click().run()
    assert not page.exception
    (row,) = rows(tmp_path)
    assert row.imported
    assert row.label.name == "anna"
    assert f"anna** gets {row.card.test_accuracy:.1%}" in said(page)
    assert "with Keras's usual activations?" in said(page)
    assert "there is no curve of it" in said(page)
    (line,) = page.dataframe[0].value.to_dict("records")
    assert (line["Run"], line["State"], line["Test"]) == (
        "anna",
        "imported",
        row.card.test_accuracy,
    )
    assert button(page, "Its settings").disabled
    assert not button(page, "See it read").disabled
    button(page, "Delete for good").click().run()
    assert rows(tmp_path) == []


def test_what_a_file_does_not_say_is_asked_for(page, tmp_path):
    page.run()
    give(page, "anna.safetensors", exported())
    assert button(page, "Import").disabled
    page.segmented_control[0].set_value("many_to_many").run()
    field(page, "Name").set_value("Anna").run()
    button(page, "Import").click().run()
    (row,) = rows(tmp_path)
    assert row.config.model.head == "many_to_many"
    assert row.label.name == "Anna"


def test_a_file_that_is_refused_leaves_a_sentence_and_no_run(page, tmp_path):
    page.run()
    give(page, "<b>*mine*.keras", b"PK\x03\x04")
    assert "not opened here" in page.error[0].value
    assert "<b>" not in page.error[0].value
    give(page, "mine.safetensors", b"torn")
    assert "damaged" in page.error[0].value
    assert rows(tmp_path) == []


def test_an_imported_network_is_not_among_the_trainings(page, tmp_path, pair):
    page.run()
    give(page, "anna.safetensors", exported(head="many_to_many"))
    button(page, "Import").click().run()
    state = page.session_state["compared"]
    page.session_state["compared"] = [*state, *(run.id for run in pair)]
    page.run()
    assert legend(page) == ["many-to-one", "many-to-many"]
