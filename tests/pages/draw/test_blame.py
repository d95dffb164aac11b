"""The view "Which pixels mattered?", run in-process without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn.analysis.blame import blame
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.catalog import shipped
from mnist_rnn.network.reader import Reader
from tests.pages.in_process import figure_of

DIGITS = load_digits("test")
FIVE = DIGITS.images[DIGITS.labels == 5][7]
BY_MAP = next(entry for entry in shipped() if entry.key == "cnn_rnn-many_to_one-2016")
OPENING = [*shipped()[:2], BY_MAP]


@pytest.fixture
def page(page) -> AppTest:
    page.segmented_control(key="source").set_value("Test digit").run()
    page.number_input(key="example").set_value(8)
    return page.segmented_control(key="view").set_value("Which pixels mattered?").run()


def notes(page: AppTest, size: int) -> list[str]:
    notes = figure_of(page)["layout"]["annotations"]
    return [note["text"] for note in notes if note["font"]["size"] == size]


@pytest.mark.parametrize("row", [28, 12])
def test_the_answers_after_the_row_are_blamed_beside_one_whose_memory_vanishes(page, row):
    page.slider(key="row").set_value(row).run()
    readers = [Reader.load(entry.path) for entry in OPENING]
    found = [blame(reader, FIVE, row * reader.config.timesteps // 28) for reader in readers]
    assert [text[3] for text in notes(page, 40)] == [str(one.answer) for one in found]
    assert notes(page, 15)[-1] == "<b>&lt;0.01%</b>"
    assert found[-1].memory[0] < 1e-4 < found[0].memory[0]


def test_the_other_can_be_left_out(page):
    page.toggle(key="beside").set_value(False).run()
    assert len(notes(page, 40)) == 2


def test_a_chosen_reader_that_goes_map_by_map_needs_no_other(page):
    page.multiselect(key="readers").set_value([OPENING[0].key, BY_MAP.key]).run()
    assert len(notes(page, 40)) == 2
    assert not page.toggle
