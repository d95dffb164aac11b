"""The Mistakes page, run in-process without a browser."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.evaluation.accuracy import (
    ConfusionCell,
    Evaluation,
    confusion,
    evaluate,
    most_frequent,
    worst_first,
)
from mnist_rnn.figures.mistakes import MOST_IMAGES
from mnist_rnn.network.catalog import shipped
from mnist_rnn.network.reader import Reader
from mnist_rnn.runs.status import RUNNING
from tests.pages.in_process import button, opened_app
from tests.run_folders import finished_run


@pytest.fixture
def page() -> AppTest:
    page = opened_app().run()
    page.switch_page("pages/mistakes.py")
    return page


def said(page: AppTest) -> str:
    assert not page.exception
    return " ".join(text.value for text in (*page.markdown, *page.caption))


def choose(page: AppTest, cell: ConfusionCell) -> None:
    page.selectbox(key="true_digit").set_value(cell.digit)
    page.selectbox(key="read_as").set_value(cell.answer).run()


@pytest.fixture(scope="module")
def tested() -> Evaluation:
    return evaluate(Reader.load(shipped()[0].path), load_digits("test"))


def test_the_page_opens_with_the_most_frequent_mistake(page, tested):
    page.run()
    counts = confusion(tested)
    assert f"**{10_000 - np.trace(counts):,}** of 10,000 test digits wrong" in said(page)
    (often,) = most_frequent(counts, 1)
    assert (page.selectbox(key="true_digit").value, page.selectbox(key="read_as").value) == often
    assert f"**{counts[often]}** of {counts[often.digit].sum()} test" in said(page)
    matrix, sheet = (json.loads(chart.proto.spec) for chart in page.get("plotly_chart"))
    assert matrix["data"][1]["text"][99] == str(counts[9, 9])
    assert len(sheet["layout"]["annotations"]) == min(counts[often], MOST_IMAGES)


def test_a_cell_is_chosen_by_its_digits_or_by_a_button_and_is_in_the_link(page, tested):
    page.run()
    choose(page, ConfusionCell(3, 3))
    assert f"**{confusion(tested)[3, 3]:,}** of 1,010 test 3s read as **3**" in said(page)
    assert "Least confident" in said(page)
    assert page.query_params["true_digit"] == "3"
    page.button(key="often-1").click().run()
    often = most_frequent(confusion(tested), 2)[1]
    assert f"test {often.digit}s read as **{often.answer}**" in said(page)


def test_a_link_opens_its_cell_and_a_bad_one_the_most_frequent(page):
    page.query_params["reader"] = shipped()[1].key
    page.query_params["after_row"] = "99"
    page.query_params["true_digit"] = "0"
    page.query_params["read_as"] = "ten"
    page.run()
    assert not page.exception
    assert page.selectbox(key="reader").value == shipped()[1].key
    assert page.slider(key="after_row").value == 28
    assert page.selectbox(key="true_digit").value == 0


def test_an_empty_cell_says_so(page, tested):
    page.run()
    choose(page, ConfusionCell(*map(int, np.argwhere(confusion(tested) == 0)[0])))
    assert "nothing to see" in said(page)
    assert len(page.get("plotly_chart")) == 1


def test_after_an_early_row_other_digits_are_confused(page, tested):
    page.run()
    page.slider(key="after_row").set_value(10).run()
    wrong = 10_000 - np.trace(confusion(tested, 9))
    assert f"**{wrong:,}** of 10,000 test digits wrong" in said(page)
    assert "answer after the **last** row only" in said(page)


def test_an_image_is_read_on_the_draw_page(page, tested):
    page.session_state["digit"] = 7
    page.run()
    page.selectbox(key="reader").set_value(shipped()[1].key)
    choose(page, ConfusionCell(2, 2))
    page.selectbox(key="image-2-2").set_value(1).run()
    button(page, "See it read").click().run()
    assert not page.exception
    assert page.multiselect(key="readers").value == [shipped()[1].key]
    test = load_digits("test")
    other = evaluate(Reader.load(shipped()[1].path), test)
    expected = test.images[worst_first(other, ConfusionCell(2, 2))[1]]
    shown = test.images[test.labels == 2][page.number_input(key="example").value - 1]
    np.testing.assert_array_equal(shown, expected)


def test_a_run_under_way_is_looked_at_as_far_as_it_has_come(page):
    run = finished_run()
    run.set_status(RUNNING)
    page.session_state["reader"] = run.id
    page.run()
    assert page.selectbox(key="reader").value == run.id
    assert "best epoch **so far**, epoch 2" in said(page)


def test_the_reader_of_a_deleted_run_makes_way_for_the_first(page):
    page.session_state["reader"] = "20200101-000000-000000-00000000"
    page.run()
    assert not page.exception
    assert page.selectbox(key="reader").value == shipped()[0].key
    assert "no such run" in page.warning[0].value
