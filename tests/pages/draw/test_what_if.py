"""The view What if?, run in-process without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn.analysis.what_if import TURNS, erase_rows, forget, shift, transplant
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.catalog import shipped
from mnist_rnn.network.reader import Reader
from tests.pages.in_process import figure_of

DIGITS = load_digits("test")
FIVE = DIGITS.images[DIGITS.labels == 5][7]
READERS = [Reader.load(entry.path) for entry in shipped()[:2]]


@pytest.fixture
def page(page) -> AppTest:
    page.segmented_control(key="source").set_value("Test digit").run()
    page.number_input(key="example").set_value(8)
    return page.segmented_control(key="view").set_value("What if?").run()


def answers(page: AppTest) -> list[str]:
    """The digits in large type: before and after for each reader."""
    notes = figure_of(page)["layout"]["annotations"]
    large = [note["text"] for note in notes if "→" in note["text"]]
    return ["".join(part[3] for part in text.split(" → ")) for text in large]


def expected(after: list[int]) -> list[str]:
    return [
        f"{reader.read(FIVE).answers[-1]}{answer}"
        for reader, answer in zip(READERS, after, strict=True)
    ]


def test_it_opens_with_erased_rows_read_by_both_readers(page):
    erased = erase_rows(FIVE, 10, 14)
    assert answers(page) == expected([reader.read(erased).answers[-1] for reader in READERS])


def test_other_rows_give_another_reading(page):
    page.slider(key="erased").set_value((1, 28)).run()
    empty = erase_rows(FIVE, 1, 28)
    assert answers(page) == expected([reader.read(empty).answers[-1] for reader in READERS])


def test_the_digit_is_shifted(page):
    page.segmented_control(key="edit").set_value("Shift").run()
    page.slider(key="down").set_value(4).run()
    moved = shift(FIVE, 4, -4)
    assert answers(page) == expected([reader.read(moved).answers[-1] for reader in READERS])


@pytest.mark.parametrize("turn", TURNS)
def test_the_digit_is_turned(page, turn):
    page.segmented_control(key="edit").set_value("Turn").run()
    page.segmented_control(key="turn").set_value(turn).run()
    turned = TURNS[turn](FIVE)
    assert answers(page) == expected([reader.read(turned).answers[-1] for reader in READERS])


def test_the_memory_is_emptied_after_a_row(page):
    page.segmented_control(key="edit").set_value("Forget").run()
    page.slider(key="changed_row").set_value(17).run()
    after = [forget(reader, FIVE, 17).answers[-1] for reader in READERS]
    assert answers(page) == expected(after)


def test_the_memory_of_another_digit_is_transplanted(page):
    page.segmented_control(key="edit").set_value("Transplant").run()
    page.pills(key="donor").set_value(7).run()
    seven = DIGITS.images[DIGITS.labels == 7][2]
    after = [transplant(reader, seven, FIVE, 14).answers[-1] for reader in READERS]
    assert answers(page) == expected(after)
