"""Where lessons are found, and the way back to where everything began."""

from urllib.parse import quote

import streamlit as st

from mnist_rnn.errors import UserError
from ui import notice
from ui.lesson.file import FIRST, names_of_lessons
from ui.lesson.place import address, go, lesson_called
from ui.page import section

_CHOSEN = "lessons_chosen"
state = st.session_state


def offer_lessons() -> None:
    """All lessons of the folder, in a popover; one that is none gets a sentence."""
    # A popover of another key is another one, and closed: the browser alone opens and closes it.
    key = f"lessons-{state.setdefault(_CHOSEN, 0)}"
    with st.popover("Lessons", icon=":material/school:", key=key):
        for name in names_of_lessons():
            try:
                lesson = lesson_called(name)
            except UserError as problem:
                notice.warning(problem)
                continue
            st.button(
                f"**{notice.plainly(lesson.title)}**",
                key=f"lesson-{name}",
                on_click=start_lesson,
                args=[name],
                width="stretch",
            )
            with st.container(horizontal=True):
                st.caption(lesson.purpose)
                st.html(section("lesson", "on paper").format(name=quote(name)))
        st.html(section("lesson", "start over"))


def start_lesson(name: str = FIRST) -> None:
    state.begun = True
    state[_CHOSEN] = state.get(_CHOSEN, 0) + 1
    go(address(name, 1))
