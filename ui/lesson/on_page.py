"""A page as a lesson wants it: set once, so that everybody may then look around."""

import streamlit as st

from ui.digit import DRAW, TEST_DIGIT
from ui.lesson.place import WIRING_VIEWS, Place
from ui.row import stage_stopped_at
from ui.wirings import question

_SET_FOR = "lesson_set_for"
state = st.session_state


def set_page(place: Place) -> None:
    """Once for each step and once when it is answered.

    Who reloads the page, or comes by a link, finds what the address names as it was.
    """
    now = (place.address, place.said is None)
    named = set() if _SET_FOR in state else {*st.query_params}
    if state.get(_SET_FOR) == now:
        return
    state[_SET_FOR] = now
    seen = place.seen
    if seen.view in WIRING_VIEWS:
        head = state.wiring = WIRING_VIEWS[seen.view]
        if place.said is None:
            question.hide(head)
        else:
            question.reveal(head)
        return
    wanted = {"view": seen.view, "readers": list(seen.networks)}
    if seen.digit is None:
        wanted["source"] = DRAW
    else:
        digit, example = seen.digit
        wanted |= {"source": TEST_DIGIT, "digit": digit, "example": example}
    state.update({key: value for key, value in wanted.items() if key not in named})
    if seen.change:
        state.edit = seen.change
    state.changed_row, state.beside = min(max(seen.row, 1), 27), False
    if "row" not in named:
        stage_stopped_at(seen.row)
        state.stage_on = list(seen.show)


def leave() -> None:
    """The page is nobody's lesson any more."""
    if state.get(_SET_FOR) and state.get("source") == DRAW:
        # It is laid out anew: a new canvas, which starts from what is drawn.
        state.canvas_version = state.get("canvas_version", 0) + 1
    state[_SET_FOR] = None
