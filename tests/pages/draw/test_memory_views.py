"""The views "Inside one unit" and "Memory map" of the Draw page."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn.analysis.units import strongest_voter
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.catalog import OPENING, shipped
from mnist_rnn.network.reader import Reader
from tests.pages.in_process import figure_of, numbers, opened_app
from ui.page import section

READERS = {entry.key: entry for entry in shipped()}
PLAIN, GATED = OPENING[1], next(key for key in READERS if key.startswith("lstm"))
UNIT, JOURNEY = "Inside one unit", "Memory map"


def open_view(view: str, row: int, readers: list[str]) -> AppTest:
    """The Draw page with the 20th test image of a 3, at a view and a row."""
    page = opened_app()
    page.session_state["readers"] = readers
    page.session_state["view"] = view
    page.session_state["row"] = row
    page.session_state["source"] = "Test digit"
    page.session_state["digit"] = 3
    page.session_state["example"] = 20
    page.run()
    assert not page.exception
    return page


def texts(page: AppTest) -> list[str]:
    return [note["text"] for note in figure_of(page)["layout"]["annotations"]]


def three() -> np.ndarray:
    digits = load_digits("test")
    return digits.images[digits.labels == 3][19]


def test_it_opens_with_the_unit_that_adds_most_to_the_answer():
    page = open_view(UNIT, 12, [PLAIN])
    reader = Reader.load(READERS[PLAIN].path)
    head, trace = reader.tensors["head.kernel"], reader.read(three())
    unit = strongest_voter(trace, head)
    value = f"{trace.hidden[11, unit]:+.2f}".replace("-", "−")
    assert f"<b>unit {unit + 1}: {value} ×</b>" in texts(page)
    assert page.caption[-1].value.startswith(section("unit", "how to look"))
    assert page.caption[-1].value.endswith("shown are the 6 with the largest weights.")


def test_it_opens_after_the_last_row_at_the_row_that_changed_the_unit_most():
    page = open_view("Row by row", 28, [PLAIN])
    page.segmented_control(key="view").set_value(UNIT).run()
    reader = Reader.load(READERS[PLAIN].path)
    trace = reader.read(three())
    values = trace.hidden[:, strongest_voter(trace, reader.tensors["head.kernel"])]
    row = np.abs(np.diff(values, prepend=0)).argmax() + 1
    assert page.slider(key="row").value == row
    page.slider(key="row").set_value(28).run()
    assert page.slider(key="row").value == 28
    page.slider(key="row").set_value(9).run()
    page.segmented_control(key="view").set_value("Row by row").run()
    page.segmented_control(key="view").set_value(UNIT).run()
    assert page.slider(key="row").value == 9


def test_a_unit_is_chosen_by_its_number():
    page = open_view(UNIT, 12, [PLAIN])
    page.selectbox(key=f"unit-{PLAIN}").set_value(7).run()
    reader = Reader.load(READERS[PLAIN].path)
    unit = 6
    bars = next(trace for trace in figure_of(page)["data"] if trace["type"] == "bar")
    np.testing.assert_allclose(numbers(bars["x"]), reader.read(three()).hidden[:, unit], atol=1e-5)


def test_one_of_several_readers_is_chosen_and_a_gated_one_says_what_is_drawn():
    page = open_view(UNIT, 12, [PLAIN, GATED])
    assert page.caption[-1].value.startswith(section("unit", "how to look"))
    page.selectbox(key="unit-reader").set_value(GATED).run()
    assert page.caption[-1].value.startswith(section("unit", "how to look, gated"))
    assert any("after its gates" in text for text in texts(page))


def test_examples_are_the_most_and_the_least_excited_of_all_test_digits_at_the_row():
    page = open_view(UNIT, 12, [PLAIN])
    page.selectbox(key=f"unit-{PLAIN}").set_value(7).run()
    reader = Reader.load(READERS[PLAIN].path)
    unit = 6
    sequence = reader.sequence(load_digits("test").images)
    states = reader.remember(sequence[:, :12])[:, 11, unit]
    wanted = [f"{value:+.2f}".replace("-", "−") for value in np.sort(states)]
    captions = [note["text"] for note in figure_of(page)["layout"]["annotations"]]
    start = captions.index(wanted[-1])
    assert captions[start : start + 5] == wanted[:-6:-1]
    assert captions[start + 6 : start + 11] == wanted[:5]


def test_the_journey_has_a_map_for_each_reader_at_the_shared_row():
    page = open_view(JOURNEY, 9, [PLAIN, GATED])
    for key in (PLAIN, GATED):
        assert f"<b>{READERS[key].title}</b>" in texts(page)
    assert texts(page).count("most alike in memory after row 9") == 2
    assert "one of 2,000 test digits" in page.caption[-1].value
    page.slider(key="row").set_value(14).run()
    assert texts(page).count("most alike in memory after row 14") == 2


def test_the_boxed_answer_is_the_readers_answer_at_the_row():
    page = open_view(JOURNEY, 9, [PLAIN])
    answer = Reader.load(READERS[PLAIN].path).read(three()).answers[8]
    boxed = [n for n in figure_of(page)["layout"]["annotations"] if n.get("borderpad") == 4]
    assert [note["text"] for note in boxed] == [f"<b>{answer}</b>"]


def test_before_any_ink_the_memory_is_the_same_for_many_digits():
    notes = texts(open_view(JOURNEY, 2, [PLAIN]))
    assert any(text.endswith("of 2,000 digits left the same memory, such as") for text in notes)


@pytest.mark.parametrize("key", sorted(READERS))
@pytest.mark.parametrize("view", [UNIT, JOURNEY])
def test_every_shipped_reader_can_be_looked_into(view, key):
    page = open_view(view, 28, [key])
    assert len(page.get("plotly_chart")) == 1
