"""The Wirings page: one-to-one, one-to-many, many-to-one and many-to-many, all at work."""

import numpy as np
import streamlit as st

from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import WIRINGS
from ui import notice
from ui.address import bound, choose_one
from ui.digit import DRAWING, TEST_DIGIT, choose_digit_at_hand, opening_image
from ui.lesson.card import WIRINGS_PAGE, show_card
from ui.lesson.offer import offer_lessons
from ui.lesson.place import Place
from ui.page import explained, heading, run_page, section, styled
from ui.wirings.handwriting import choose_drawing, drawing_wanted
from ui.wirings.networks import Task, Work, put_to_work
from ui.wirings.pictures import show_all, show_work
from ui.wirings.question import ask
from ui.wirings.shapes import show_shapes

state = st.session_state


def main() -> None:
    styled("wirings")
    with st.container(key="wirings-lesson"):
        place = show_card(WIRINGS_PAGE)
    show(place)


def show(place: Place | None) -> None:
    """All but the card, in a lesson under its step's title."""
    if place:
        heading(place.title, "")
    else:
        heading(section("wirings", "title"), section("wirings", "lede"), explained("wirings"))
    head = choose_wiring()
    pictures = st.container()
    with st.container(horizontal=True, vertical_alignment="center", key="strip"):
        question = st.container(width="stretch")
        image = choose_image()
        offer_lessons()
    if head == "one_to_many":
        choose_drawing()
    task = Task(image, *drawing_wanted())
    works = {wiring: attempt(wiring, task) for wiring in WIRINGS}
    with pictures:
        show_all(head, works, task)
    work = works[head]
    if isinstance(work, str):
        notice.warning(work)
        return
    with question:
        if not place:
            ask(head, work.outcome)
    with st.container(key=f"work-{head}"):
        show_work(head, work)
    st.markdown(section("wirings", "shapes"))
    show_shapes(head)


def choose_wiring() -> str:
    """The head of the wiring to look at."""
    named = {head: head.replace("_", "-") for head in WIRINGS}
    more = {"format_func": named.get, "width": "stretch"}
    return choose_one("Wiring", WIRINGS, **more, **bound("wiring"))


def choose_image() -> np.ndarray:
    """The image (28, 28) to read: the drawing of the Draw page if there is one."""
    drawn = (state.get("drawing") or {}).get("objects")
    with st.popover("Digit to read", icon=":material/gesture:"):
        digit = choose_digit_at_hand("wiring-digit", DRAWING if drawn else TEST_DIGIT)
    if digit is None:
        st.info(section("wirings", "no drawing"))
        return opening_image()
    return digit.image


def attempt(head: str, task: Task) -> Work | str:
    """The wiring at work, or a sentence on what is in the way."""
    try:
        return put_to_work(head, task)
    except UserError as problem:
        return str(problem)


run_page(main)
