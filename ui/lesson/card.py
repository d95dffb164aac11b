"""The card of a lesson's step: it asks, and then tells."""

import numpy as np
import streamlit as st

from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.strokes import strokes_from_canvas
from mnist_rnn.errors import UserError
from ui import notice
from ui.lesson.file import Step
from ui.lesson.numbers import Sums, right_answer, sums_of, with_numbers
from ui.lesson.on_page import leave, set_page
from ui.lesson.place import LESSON, SAID, WIRING_VIEWS, Place, address, answer, go, here

DRAW_PAGE, WIRINGS_PAGE = "pages/draw.py", "pages/wirings.py"
state = st.session_state


def show_card(page: str) -> Place | None:
    """The card of the step that the address names, on the page that it is about; None if none is.

    An address, or a file, that is wrong gets a sentence.
    """
    try:
        place = here()
    except UserError as problem:
        notice.warning(problem)
        place = None
    if place is None:
        leave()
        return None
    wanted = WIRINGS_PAGE if place.seen.view in WIRING_VIEWS else DRAW_PAGE
    if page != wanted:
        named = {name: st.query_params[name] for name in (LESSON, SAID) if name in st.query_params}
        st.switch_page(wanted, query_params=named)
    set_page(place)
    with st.container(key="lesson"):
        _show(place)
    return place


def on() -> None:
    """To what comes next: the answer or, once it is told, the next step; the last one stays."""
    if place := here():
        if place.said is None:
            answer(0)
        elif following := _next(place):
            go(following)


def _next(place: Place) -> str:
    """The address of the next step, nothing after the last."""
    if place.number == len(place.lesson.steps):
        return ""
    return address(place.lesson.name, place.number + 1)


def _show(place: Place) -> None:
    step, steps = place.step, len(place.lesson.steps)
    sums = sums_of(step.after, _drawn())
    with st.container(gap="xsmall", key="lesson-drawing" if place.seen.digit is None else "asked"):
        st.caption(f"{place.lesson.title} · {place.number} of {steps}")
        st.progress(place.number / steps)
        st.markdown(f"## {with_numbers(step.question, sums)}")
        if step.text:
            st.markdown(with_numbers(step.text, sums))
    with st.container(key="answered", gap="small"):
        if place.said is None:
            _ask(step)
        else:
            _tell(place, sums)
    _show_ways_on(place)


def _ask(step: Step) -> None:
    with st.container(horizontal=True, gap="xsmall", key="answers"):
        for number, text in enumerate(step.answers, 1):
            st.button(text, key=f"answer-{number}", on_click=answer, args=[number])


def _tell(place: Place, sums: Sums) -> None:
    step = place.step
    right = right_answer(step.answers, with_numbers(step.right, sums))
    said = step.answers[place.said - 1] if place.said else ""
    marks = []
    for text in step.answers:
        mark = "\u2713 " if text == right else "\u2717 " if right and text == said else ""
        colour = "green" if text == right else "gray"
        marks.append(f":{colour}-badge[{mark}{text}{' (you)' if text == said else ''}]")
    st.markdown(" ".join(marks))
    with st.container(key="sentence"):
        st.markdown(with_numbers(step.sentence, sums))
    if step.link:
        label, page, query = step.link
        st.page_link(
            f"pages/{page}.py",
            label=f"**{label}**",
            icon=":material/arrow_forward:",
            query_params=query,
        )


def _show_ways_on(place: Place) -> None:
    label = "Show me" if place.said is None else "Next" if _next(place) else ""
    with st.container(horizontal=True, key="ways-on"):
        st.button(
            "Back",
            shortcut="PageUp",
            disabled=place.number == 1,
            on_click=go,
            args=[address(place.lesson.name, place.number - 1)],
        )
        if label:
            st.button(label, key="on", type="primary", shortcut="PageDown", on_click=on)
        st.button("Leave the lesson", type="tertiary", key="leave", on_click=go, args=[""])


def _drawn() -> np.ndarray | None:
    try:
        return drawing_to_image(strokes_from_canvas(state.get("drawing")))
    except UserError:
        return None
