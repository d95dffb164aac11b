"""Which digits are taken for which: the counts, the figures, and the page."""

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
    example_number,
    most_frequent,
    worst_first,
)
from mnist_rnn.figures.mistakes import ACROSS, MOST_IMAGES, confusion_figure, contact_sheet_figure
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.network.catalog import shipped
from mnist_rnn.network.reader import Reader
from mnist_rnn.runs.status import RUNNING
from tests.pages.in_process import button, opened_app
from tests.run_folders import finished_run

# Six digits after two timesteps: after the second, 4 is read as 9 twice and 7 as 1 once.
FEW = Evaluation(
    answers=np.array([[0, 9], [0, 4], [0, 9], [1, 1], [7, 7], [0, 4]], np.uint8),
    labels=np.array([4, 4, 4, 7, 7, 4], np.uint8),
    confidences=np.array([[0.2, 0.6], [0.3, 0.5], [0.1, 0.9], [1, 1], [1, 1], [0.9, 0.4]]),
)


def test_true_classes_are_counted_by_answers_after_any_timestep():
    last, first = confusion(FEW), confusion(FEW, 0)
    assert (last[4, 9], last[4, 4], last[7, 1], last[7, 7]) == (2, 2, 1, 1)
    assert (first[4, 0], first[7, 1], first[7, 7]) == (4, 1, 1)
    assert last.sum() == first.sum() == 6


def test_the_most_frequent_mistakes_come_first_and_right_answers_are_none():
    assert most_frequent(confusion(FEW), 3) == [ConfusionCell(4, 9), ConfusionCell(7, 1)]
    assert most_frequent(confusion(FEW), 1) == [ConfusionCell(4, 9)]
    assert most_frequent(np.diag(np.arange(10)), 3) == []


def test_the_surest_mistakes_and_the_least_sure_right_answers_come_first():
    assert worst_first(FEW, ConfusionCell(4, 9)).tolist() == [2, 0]
    assert worst_first(FEW, ConfusionCell(4, 4)).tolist() == [5, 1]
    assert worst_first(FEW, ConfusionCell(4, 0), timestep=0).tolist() == [5, 1, 0, 2]
    assert worst_first(FEW, ConfusionCell(0, 9)).tolist() == []


def test_a_digit_is_numbered_among_its_own_class():
    assert [example_number(FEW.labels, number) for number in range(6)] == [1, 2, 3, 1, 2, 4]


@pytest.mark.parametrize("theme", PALETTES)
def test_the_matrix_colours_mistakes_alone_and_tells_what_is_right_at_its_margins(theme):
    figure = confusion_figure(confusion(FEW), ConfusionCell(4, 9), theme)
    shades, numbers = figure.data
    np.testing.assert_allclose(np.diag(shades.z), 0)
    assert shades.z[4][9] == 1
    assert shades.z[7][1] == pytest.approx(np.sqrt(1 / 2))
    assert (numbers.text[49], numbers.x[49], numbers.y[49]) == ("2", 9, 4)
    assert numbers.text[48] == ""
    notes = {(note.x, note.y): note.text for note in figure.layout.annotations}
    assert [notes[x, y] for x, y in notes if y == 4] == ["50.0%"]  # two of four 4s
    assert notes[1, 10.25] == "0.0%"  # "1" was said once, wrongly
    assert notes[3, 10.25] == "–"
    assert "<b>50.0%</b>" in notes.values()
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (8.5, 9.5, 3.5, 4.5)


def test_the_sheet_shows_images_in_lines_with_a_point_to_click_on_each():
    images = np.random.default_rng(0).integers(0, 255, (ACROSS + 1, 28, 28), np.uint8)
    figure = contact_sheet_figure(images, [str(n) for n in range(len(images))], 14, "light")
    first, second, points = figure.data
    np.testing.assert_array_equal(np.array(first.z)[:14, 31:59], images[1, :14])
    assert np.array(first.z)[14:].max() < 0.34 * 255
    assert np.array(second.z).shape == (28, 28)
    assert list(points.x[[0, 1, ACROSS]]) == [13.5, 44.5, 13.5]
    assert points.y[0] == 13.5
    assert second.y0 == 37
    assert [note.text for note in figure.layout.annotations][-1] == str(ACROSS)


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
