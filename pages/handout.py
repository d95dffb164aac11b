"""A lesson on paper: its questions, what is seen when they are asked, and room for the answers."""

import numpy as np
import streamlit as st

from mnist_rnn.config import ROWS
from ui.lesson.file import FIRST, Step
from ui.lesson.numbers import sums_of, with_numbers
from ui.lesson.place import lesson_called
from ui.page import run_page, section, styled

STILL_TO_COME = 225  # the grey of a row that is not read yet
SIDE_PIXELS = 140


def main() -> None:
    styled("handout")
    lesson = lesson_called(st.query_params.get("of", FIRST))
    st.title(lesson.title, anchor=False)
    st.markdown(lesson.purpose)
    with st.container(key="how-to-print"):
        st.caption(section("lesson", "print"))
    st.html(section("lesson", "name and date"))
    for number, step in enumerate(lesson.steps, 1):
        with st.container(key=f"sheet-{number}"):
            show(number, step)


def show(number: int, step: Step) -> None:
    """One step: the picture on the left, and beside it the question."""
    seen = step.before
    sums = sums_of(step.after)
    with st.container(horizontal=True, gap="medium"):
        if seen.digit is None:
            st.html('<div class="to-draw-in"></div>', width=SIDE_PIXELS)
        else:
            st.image(on_paper(sums_of(seen).image, seen.row), width=SIDE_PIXELS)
        with st.container(gap="xsmall"):
            st.markdown(f"### {number}. {step.title}")
            st.markdown(with_numbers(step.text, sums))
            st.markdown(f"**{with_numbers(step.question, sums)}**")
            st.markdown(" \u2003 ".join(f"\u2610 {answer}" for answer in step.answers))
            st.html(section("lesson", "room"))


def on_paper(image: np.ndarray, row: int) -> np.ndarray:
    """An image (28, 28) as dark ink on white, as far as it is read after a row, enlarged."""
    paper = 255 - image
    paper[row:ROWS] = STILL_TO_COME
    return np.kron(paper, np.ones((8, 8), np.uint8))


run_page(main)
