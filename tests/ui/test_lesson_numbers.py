"""The numbers of a lesson are those of the networks and of the test digits."""

import re

import numpy as np
import pytest

from mnist_rnn.analysis.blame import blame
from mnist_rnn.analysis.what_if import accuracy_with_memory_emptied, forget
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.network.catalog import OPENING, WIRINGS
from mnist_rnn.network.reader import Reader
from tests.app_server import PROJECT
from ui.lesson.file import NUMBER, Seen, names_of_lessons
from ui.lesson.numbers import NUMBERS, right_answer, sums_of, with_numbers
from ui.lesson.place import lesson_called
from ui.stored import shared_test_digits

PAIR = Seen("Row by row", (5, 266), networks=OPENING)
ONCE, ALWAYS = (Reader.load(WIRINGS[head].path) for head in ("many_to_one", "many_to_many"))


@pytest.fixture(scope="module")
def sums():
    return sums_of(PAIR)


def number(words: str, sums) -> float:
    return float(
        re.search(r"[-+\u2212]?[\d.]+", with_numbers(words, sums))[0].replace("\u2212", "-")
    )


def test_accuracies_are_those_of_the_weights(sums):
    for words, reader, row in (
        ("{first 14}", ONCE, 14),
        ("{second 14}", ALWAYS, 14),
        ("{first}", ONCE, 28),
    ):
        measured = 100 * reader.card.accuracy_by_timestep[row - 1]
        assert number(words, sums) == pytest.approx(measured, abs=0.5)
    assert with_numbers("{many-to-many 14}", sums) == with_numbers("{second 14}", sums)
    better = ONCE.card.test_accuracy >= ALWAYS.card.test_accuracy
    assert with_numbers("{better}", sums) == ("Asked once" if better else "Asked after every row")
    assert with_numbers("{better 14}", sums) == "Asked after every row"


def test_what_is_said_of_a_digit_is_what_the_networks_answer(sums):
    answers = [reader.read(sums.image).answers for reader in (ONCE, ALWAYS)]
    assert (
        with_numbers("{first says 14} {second says 14}", sums)
        == f"{answers[0][13]} {answers[1][13]}"
    )
    words = {True: "yes", False: "no"}
    assert with_numbers("{first right 14}", sums) == words[bool(answers[0][13] == 5)]
    assert with_numbers("{second right}", sums) == words[bool(answers[1][-1] == 5)]
    settled = int(with_numbers("{second settles}", sums))
    assert set(answers[1][settled - 1 :]) == {answers[1][-1]}
    assert settled == 1 or answers[1][settled - 2] != answers[1][-1]


def test_the_unit_is_the_one_that_the_row_changes_most(sums):
    hidden = ONCE.read(sums.image).hidden
    unit = int(with_numbers("{unit 10}", sums)) - 1
    assert unit == np.abs(hidden[9] - hidden[8]).argmax()
    assert number("{unit before 10}", sums) == pytest.approx(hidden[8, unit], abs=0.006)
    assert number("{unit after 10}", sums) == pytest.approx(hidden[9, unit], abs=0.006)
    up = hidden[9, unit] > hidden[8, unit]
    assert with_numbers("{unit goes 10}", sums) == ("up" if up else "down")


def test_what_is_kept_is_the_gradient_of_the_memory(sums):
    memory = blame(ONCE, sums.image, 28).memory
    assert number("{first kept 1}", sums) == pytest.approx(100 * memory[0], abs=0.5)
    by_map = sums_of(Seen(networks=("cnn_rnn-many_to_one-2016",)))
    assert with_numbers("{first kept 1}", by_map) == "less than 0.1%"


@pytest.mark.parametrize("row", [1, 14, 27])
def test_forgetting_counts_what_each_digit_comes_to(row):
    digits = shared_test_digits().first(150)
    digits = Digits(digits.images, digits.labels)
    for reader in (ONCE, ALWAYS):
        each = [forget(reader, image, row).answers[-1] for image in digits.images]
        measured = accuracy_with_memory_emptied(reader, digits, row)
        assert measured == pytest.approx(np.mean(each == digits.labels))


def test_a_number_is_found_in_its_range():
    answers = ("rows 1\u20137", "rows 8\u201314", "rows 15\u201328")
    assert [right_answer(answers, row) for row in ("1", "7", "8", "28")] == [
        answers[0],
        answers[0],
        answers[1],
        answers[2],
    ]
    assert right_answer(("0\u201330%", "30\u201390%", "90\u2013100%"), "98.6%") == "90\u2013100%"
    assert right_answer(("yes", "no"), "no") == "no"
    assert right_answer(("3", "10", "28"), "3") == "3"


@pytest.mark.parametrize("name", names_of_lessons())
def test_each_right_answer_is_one_that_can_be_given(name):
    for step in lesson_called(name).steps:
        sums = sums_of(step.after)
        if step.right:
            assert right_answer(step.answers, with_numbers(step.right, sums)) in step.answers
        for words in (step.question, step.sentence, step.text):
            assert not NUMBER.search(with_numbers(words, sums))


def test_every_number_has_its_line_in_the_guide():
    guide = (PROJECT / "docs" / "lessons.md").read_text(encoding="utf-8")
    told = {re.sub(r" \d+$", "", name) for name in NUMBER.findall(guide)}
    for name in NUMBERS:
        assert name in told or name.replace("second", "first") in told, name
