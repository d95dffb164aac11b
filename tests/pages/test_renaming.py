"""What visitors see when a run that they have chosen is renamed or deleted by somebody else."""

import pytest

from mnist_rnn.runs import housekeeping
from mnist_rnn.runs.ledger import row_of
from tests.pages.draw_page import told
from tests.pages.in_process import figure_of, opened, opened_app
from tests.pages.train_page import run_menu
from tests.run_folders import finished_run

TEXT = "<b>bold</b> *x* &lt; $y$ [a](http://b)"


@pytest.fixture(autouse=True)
def run(tmp_path):
    return finished_run(tmp_path)


@pytest.fixture
def draw():
    return opened_app().run()


def titles_on_the_stage(page):
    return [network["title"] for network in told(page)["networks"]]


def test_a_chosen_reader_stays_chosen_when_it_is_renamed(draw, run):
    draw.multiselect(key="readers").set_value([run.id]).run()
    housekeeping.rename(run, "Anna")
    # What a browser sends is the title that it was shown.
    draw.session_state["readers"] = [f"its old title · {run.id[-4:]}"]
    draw.run()
    assert draw.multiselect(key="readers").value == [run.id]
    assert row_of(run).title in titles_on_the_stage(draw)


def test_a_chosen_reader_that_is_deleted_leaves_the_others(draw, run):
    others = list(draw.multiselect(key="readers").value)
    draw.multiselect(key="readers").set_value([run.id, *others]).run()
    housekeeping.delete(run)
    draw.run()
    assert not draw.exception
    assert draw.multiselect(key="readers").value == others


@pytest.mark.parametrize("view", ["When does it know?", "Memory map"])
def test_a_name_is_shown_letter_by_letter(draw, run, view):
    housekeeping.rename(run, TEXT)
    draw.multiselect(key="readers").set_value([run.id])
    draw.segmented_control(key="view").set_value(view).run()
    notes = figure_of(draw)["layout"]["annotations"]
    (title,) = (note["text"] for note in notes if "bold" in note["text"])
    assert title.startswith("<b>&lt;b&gt;bold&lt;/b&gt; *x* &amp;lt; $y$")


def test_a_published_reader_comes_first_on_the_draw_page(draw, run):
    assert draw.multiselect(key="readers").options[0] != row_of(run).title
    run.mark(published=True)
    draw.run()
    assert draw.multiselect(key="readers").options[0] == row_of(run).title


def test_the_train_page_still_shows_a_run_that_is_renamed(run, monkeypatch):
    monkeypatch.setattr("ui.stored.Supervisor.warm", lambda supervisor, wanted: None)
    finished_run()
    page = opened("train")
    # What a browser sends is the title that it was shown.
    page.session_state["run-0"] = row_of(run).title
    housekeeping.rename(run, "Anna")
    page.run()
    assert not page.exception
    assert not page.warning
    assert run_menu(page).value == run.id
