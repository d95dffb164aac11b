"""Lessons as files: those that ship, and what is said of one that is wrong."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn.errors import UserError
from ui.lesson import file
from ui.lesson.file import FIRST, Names, Seen, load_lesson, names_of_lessons
from ui.lesson.place import address, find_place, lesson_called

NAMES = Names(
    views=["Row by row", "What if?"],
    changes=["Forget"],
    switches=["hide", "peek"],
    numbers=["label", "first"],
    networks=["one", "other"],
    pair=("one", "other"),
)
STEP = """# A title
What it is for.

## Guess
view: Row by row
digit: 3, 20
row: 6
show: hide
networks: one
then row: 28
then show:
question: Which digit?
answers: 0 | {label} |
right: {label}
sentence: {first 14} say {label}.
link: Train it | train?units=3&epochs=10

Look *closely*.

Twice.
"""


def written(folder, text: str):
    (folder / "mine.md").write_bytes(text.encode())
    return load_lesson("mine", NAMES, folder)


def test_a_step_is_a_heading_its_keys_and_a_text(tmp_path):
    lesson = written(tmp_path, STEP)
    assert (lesson.name, lesson.title, lesson.purpose) == ("mine", "A title", "What it is for.")
    (step,) = lesson.steps
    assert step.title == "Guess"
    assert step.before == Seen("Row by row", (3, 20), 6, ("hide",), ("one",))
    assert step.after == Seen("Row by row", (3, 20), 28, (), ("one",))
    assert (step.question, step.answers) == ("Which digit?", ("0", "{label}"))
    assert step.link == ("Train it", "train", {"units": "3", "epochs": "10"})
    assert step.text == "Look *closely*.\n\nTwice."


@pytest.mark.parametrize("name", names_of_lessons())
def test_every_lesson_that_ships_can_be_read(name):
    lesson = lesson_called(name)
    assert lesson.purpose
    for step in lesson.steps:
        assert step.answers
        assert re.search(r"[.?!]$", step.question)


def test_the_first_lesson_comes_first_and_has_seven_steps():
    assert names_of_lessons()[0] == FIRST
    assert len(lesson_called(FIRST).steps) == 7
    assert {"why-memories-vanish", "four-wirings"} < {*names_of_lessons()}


@pytest.mark.parametrize(
    ("wrong", "instead_of", "line", "says"),
    [
        ("Title", "# A title", 1, "begins with `# `"),
        ("vieuw: Row by row", "view: Row by row", 5, "`vieuw` is nothing that a step has"),
        ("no colon", "view: Row by row", 5, "`no colon` is nothing"),
        ("row: 6", "networks: one", 9, "`row` stands here for the second time"),
        ("view: Nowhere", "view: Row by row", 5, "there is no view `Nowhere`; there are"),
        ("change: Sing", "show: hide", 8, "there is no change `Sing`"),
        ("row: 29", "row: 6", 7, "a number from 0 to 28"),
        ("row: ٣", "row: 6", 7, "a number from 0 to 28"),
        ("digit: 12", "digit: 3, 20", 6, "a digit is `drawn`"),
        ("show: sing", "show: hide", 8, "`sing` is none of `hide`, `peek`"),
        ("networks: third", "networks: one", 9, "`third` is none of `one`, `other`"),
        ("sentence: {fist}.", "sentence: {first 14} say {label}.", 15, "no number {fist}"),
        ("Look at {this}.", "Look *closely*.", 18, "no number {this}"),
        ("right: 7", "right: {label}", 4, "`7`, is none of the answers"),
        ("question:", "question: Which digit?", 4, "has no `question:`"),
        ("link: Go | /etc/passwd", "link: Train it | train?units=3&epochs=10", 16, "a link is"),
        ("link: Go | javascript:1", "link: Train it | train?units=3&epochs=10", 16, "a link is"),
    ],
)
def test_a_wrong_file_gets_one_sentence_with_its_line(tmp_path, wrong, instead_of, line, says):
    assert instead_of in STEP
    with pytest.raises(UserError, match=re.escape(says)) as raised:
        written(tmp_path, STEP.replace(instead_of, wrong, 1))
    assert str(raised.value).startswith(f"mine.md, line {line}: ")
    assert "\n" not in str(raised.value)


def test_a_file_without_steps_or_text_gets_a_sentence(tmp_path):
    with pytest.raises(UserError, match=r"mine\.md, line 1: there is no step"):
        written(tmp_path, "# Only a title\n")
    with pytest.raises(UserError, match=r"mine\.md, line 1: a lesson begins"):
        written(tmp_path, "")
    (tmp_path / "mine.md").write_bytes(b"# \xff\xfe")
    with pytest.raises(UserError, match="is not a text in UTF-8"):
        load_lesson("mine", NAMES, tmp_path)


@given(text=st.one_of(st.text(), st.text().map(lambda more: STEP.replace("hide", more, 1))))
def test_any_text_is_a_lesson_or_one_sentence(text):
    try:
        file.parse_lesson(text, "mine", NAMES)
    except UserError as problem:
        assert "\n" not in str(problem)


@pytest.mark.parametrize(
    "named",
    ["0", "8", "-1", "first", "../app-1", "nothing-1", "1-", "٣", "9" * 400, "four-wirings-9"],
)
def test_an_address_of_no_step_gets_a_sentence(named):
    with pytest.raises(UserError):
        find_place(named)


def test_an_address_names_a_step_and_what_was_said():
    assert find_place("3").step == lesson_called(FIRST).steps[2]
    assert find_place("four-wirings-2").address == address("four-wirings", 2) == "four-wirings-2"
    assert find_place("3").said is None
    assert find_place("3", "2").said == 2
    for nonsense in ("-1", "99", "x", "٣", "1.5"):
        assert find_place("3", nonsense).said is None
    place = find_place("1", "0")
    assert (find_place("1").seen.row, place.seen.row) == (6, 28)
