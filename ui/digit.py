"""The digit to read: drawn, from the test set, or uploaded."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit_drawable_canvas import st_canvas

from mnist_rnn.config import CLASSES
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.packing import from_address, to_address
from mnist_rnn.digits.several import digits_in_drawing
from mnist_rnn.digits.strokes import (
    CANVAS_PIXELS,
    PEN_PIXELS,
    Stroke,
    canvas_json,
    strokes_from_canvas,
)
from mnist_rnn.errors import UserError
from ui import notice
from ui.address import bound, choose_one, say_in_address
from ui.page import section, whole
from ui.photo import uploaded_digit
from ui.stored import examples_of

DRAW, TEST_DIGIT, UPLOAD, DRAWING = "Draw", "Test digit", "Upload", "My drawing"
OPENING_DIGIT, OPENING_EXAMPLE = 5, 266
DRAWN = "drawn"  # in the address
state = st.session_state


@dataclass(frozen=True)
class Digit:
    """An image (28, 28) uint8, its class if that is known, and what is on the canvas.

    chosen: the numbers, from 0, of the strokes that the image is of.
    """

    image: np.ndarray
    label: int | None = None
    strokes: Sequence[Stroke] = ()
    chosen: Sequence[int] = ()


def choose_digit() -> Digit | None:
    """The digit to read; none if a picture was uploaded that can't be read."""
    sources = [DRAW, TEST_DIGIT, UPLOAD]
    source = choose_one("Where the digit comes from", sources, width="stretch", **bound("source"))
    strokes: Sequence[Stroke] = ()
    try:
        if source == TEST_DIGIT:
            return _chosen_test_digit()
        if source == UPLOAD:
            image = uploaded_digit()
            if image is not None:
                return Digit(image)
        else:
            strokes = _strokes()
            if strokes:
                return _drawn(strokes)
    except UserError as problem:
        if source == UPLOAD:
            notice.warning(problem)
            return None
        notice.warning(problem, section("draw", "meanwhile"))
    return Digit(opening_image(), OPENING_DIGIT, strokes)


def opening_image() -> np.ndarray:
    """What is read before anything is chosen, (28, 28) uint8."""
    return examples_of(OPENING_DIGIT)[OPENING_EXAMPLE - 1]


def next_test_digit(digit: int) -> None:
    """Show a test digit of this class: the next one, if one is shown already."""
    if state.get("source") == TEST_DIGIT and state.get("digit") == digit:
        count = len(examples_of(digit))
        state.example = state.get("example", OPENING_EXAMPLE) % count + 1
    state.source, state.digit = TEST_DIGIT, digit
    # The field that comes with it opens there and thinks that the address says so; one that is
    # there already has taken the address for its own.
    with suppress(StreamlitAPIException):
        st.query_params["digit"] = str(digit)


def _strokes() -> list[Stroke]:
    """What is on the canvas."""
    if "drawing" not in state:
        state.drawing = _drawing_of_the_address()
    key = f"canvas-{state.setdefault('canvas_version', 0)}"
    if key not in state:
        # A new canvas: after Undo or Clear, or back on this page. From here on it must be given
        # this same drawing to start from, or it would start over at every stroke.
        state.canvas_start = state.drawing
    state.drawing = st_canvas(
        stroke_width=PEN_PIXELS,
        stroke_color="#ffffff",
        background_color="#000000",
        width=CANVAS_PIXELS,
        height=CANVAS_PIXELS,
        initial_drawing=state.canvas_start,
        key=key,
    ).json_data
    drawn = (state.drawing or {}).get("objects")
    with st.container(horizontal=True):
        for label, icon, end in (("Undo", "undo", -1), ("Clear", "delete", 0)):
            st.button(
                label,
                icon=f":material/{icon}:",
                on_click=_keep_strokes,
                args=[end],
                disabled=not drawn,
                width="stretch",
            )
    if not drawn:
        st.info(section("draw", "empty"))
    strokes = strokes_from_canvas(state.drawing)
    say_in_address(DRAWN, to_address(strokes))
    return strokes


def _drawing_of_the_address() -> dict[str, Any] | None:
    """What is on the canvas at first; a sentence if the address has a drawing that is none."""
    named = st.query_params.get(DRAWN)
    try:
        return canvas_json(from_address(named)) if named else None
    except UserError as problem:
        notice.warning(problem)
        return None


@whole
def _keep_strokes(end: int) -> None:
    """Start a new canvas with the strokes of the drawing up to `end`, counted as in a slice."""
    state.canvas_version += 1
    state.drawing = {**state.drawing, "objects": state.drawing["objects"][:end]}


def _drawn(strokes: Sequence[Stroke]) -> Digit:
    """The digit that was drawn or, of several, the first until another one is chosen."""
    digits = digits_in_drawing(strokes)
    chosen = digits[_one_of(len(digits))]
    return Digit(drawing_to_image([strokes[n] for n in chosen]), strokes=strokes, chosen=chosen)


def _one_of(count: int) -> int:
    """Which of the digits of a drawing to read, from 0."""
    if count == 1:
        return 0
    number: int = st.pills(
        section("draw", "several").format(count=count),
        range(1, count + 1),
        default=1,
        required=True,
        key=f"one-of-{count}",
    )
    return number - 1


def _chosen_test_digit() -> Digit:
    digit = st.pills(
        "Which digit?", range(CLASSES), default=OPENING_DIGIT, required=True, **bound("digit")
    )
    return _example(digit, "Which of its {:,} test images?", bound("example", number=True))


def _example(digit: int, label: str, kept: dict[str, Any]) -> Digit:
    """One of the test images of a class, by its number from 1; the label tells how many."""
    examples = examples_of(digit)
    if kept["key"] in state:
        # There are fewer of some digits than of others.
        state[kept["key"]] = min(state[kept["key"]], len(examples))
    count = len(examples)
    number = st.number_input(label.format(count), 1, count, OPENING_EXAMPLE, **kept)
    return Digit(examples[number - 1], digit)


def choose_digit_at_hand(key: str = "probe", opening: str = "") -> Digit | None:
    """A test digit, or what was drawn on the Draw page; None, and a sentence, if nothing was.

    The choice opens with `opening` whenever its page is opened, else as it was left.
    """
    source = choose_one(
        "Which digit it reads",
        [TEST_DIGIT, DRAWING],
        default=opening or TEST_DIGIT,
        key=key,
        width="stretch",
        persist_state=None if opening else "session",
    )
    if source == DRAWING:
        return _drawing()
    with st.container(horizontal=True, gap="small"):
        kept: dict[str, Any] = {"persist_state": "session"}
        digit = st.selectbox(
            "Digit", range(CLASSES), index=OPENING_DIGIT, key="probe-digit", width=90, **kept
        )
        return _example(digit, "Which of {:,}?", {"key": "probe-example", **kept})


def _drawing() -> Digit | None:
    try:
        if strokes := strokes_from_canvas(state.get("drawing")):
            return _drawn(strokes)
        st.info(section("train", "no drawing"))
    except UserError as problem:
        notice.warning(problem)
    return None
