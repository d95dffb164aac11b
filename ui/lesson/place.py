"""Where somebody is in a lesson: its address says so, and a reload comes back to it.

`lesson` is the number of a step of the first lesson, or the name of another, a dash and a number.
`said` is what was answered: the number of the answer, 0 for who only wanted to see.
"""

import re
from dataclasses import dataclass

import streamlit as st

from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import OPENING, WIRINGS, shipped
from mnist_rnn.stage import SWITCHES
from ui.address import say_in_address
from ui.draw.views import CHANGES, VIEWS
from ui.lesson.file import FIRST, Lesson, Names, Seen, Step, load_lesson
from ui.lesson.numbers import NUMBERS

LESSON, SAID = "lesson", "said"
WIRING_VIEWS = {head.replace("_", "-"): head for head in WIRINGS}


@dataclass(frozen=True)
class Place:
    """A step of a lesson, from 1; `said` is None until it is answered."""

    lesson: Lesson
    number: int
    said: int | None

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.number - 1]

    @property
    def title(self) -> str:
        return f"{self.number}. {self.step.title}"

    @property
    def seen(self) -> Seen:
        return self.step.before if self.said is None else self.step.after

    @property
    def address(self) -> str:
        return address(self.lesson.name, self.number)


def address(name: str, number: int) -> str:
    """What `lesson` is in the address of a step."""
    return str(number) if name == FIRST else f"{name}-{number}"


def here() -> Place | None:
    """Where the address says that the visitor is, None outside of lessons.

    Raises UserError if there is no such step, or the file is no lesson.
    """
    named = st.query_params.get(LESSON)
    return find_place(named, st.query_params.get(SAID, "")) if named else None


def find_place(named: str, said: str = "") -> Place:
    """The step that an address names; raises UserError if there is none."""
    found = re.fullmatch(r"(?:(.{1,80})-)?([0-9]{1,3})", named)
    if not found:
        raise UserError("There is no such step in a lesson.")
    lesson = lesson_called(found[1] or FIRST)
    number = int(found[2])
    if not 1 <= number <= len(lesson.steps):
        raise UserError(f"This lesson has {len(lesson.steps)} steps.")
    answers = len(lesson.steps[number - 1].answers)
    answered = re.fullmatch(r"[0-9]{1,2}", said) and int(said) <= answers
    return Place(lesson, number, int(said) if answered else None)


def lesson_called(name: str) -> Lesson:
    """The lesson of this name as its file is now; raises UserError if that is not one."""
    views = [*VIEWS, *WIRING_VIEWS]
    keys = [entry.key for entry in shipped()]
    return load_lesson(name, Names(views, CHANGES, SWITCHES, NUMBERS, keys, OPENING))


def go(named: str) -> None:
    """To another step, or to none: what a button does."""
    say_in_address(SAID, "")
    say_in_address(LESSON, named)


def answer(number: int) -> None:
    st.query_params[SAID] = str(number)
