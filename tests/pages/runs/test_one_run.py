"""One run on the Runs page: named, published, deleted, downloaded."""

from mnist_rnn.runs import housekeeping
from mnist_rnn.runs.labels import read_label
from mnist_rnn.runs.status import RUNNING
from tests.pages.in_process import button
from tests.pages.runs_page import field, open_run
from tests.run_folders import list_runs


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


def test_the_mistakes_of_a_run_are_one_click_away(page, pair):
    open_run(page, pair[0])
    page.session_state["reader"] = "another"
    button(page, "Mistakes").click().run()
    assert page.session_state["reader"] == pair[0].id
