"""The digit to read: drawn, from the test set, or uploaded."""

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_rnn.config import CLASSES
from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.photos import photo_from_file
from mnist_rnn.digits.several import digits_in_drawing
from mnist_rnn.digits.strokes import CANVAS_PIXELS, PEN_PIXELS, strokes_from_canvas
from mnist_rnn.errors import UserError
from mnist_rnn.figures.draw.found import boxed
from ui import notice
from ui.draw.scene import OPENING_DIGIT, OPENING_EXAMPLE, examples_of
from ui.page import section

DRAW, TEST_DIGIT, UPLOAD = "Draw", "Test digit", "Upload"
PICTURES = ["png", "jpg", "jpeg", "webp", "heic", "heif"]
state = st.session_state


def choose_digit() -> np.ndarray | None:
    """The image (28, 28) to read; none if a picture was uploaded that can't be read."""
    source = st.segmented_control(
        "Where the digit comes from",
        [DRAW, TEST_DIGIT, UPLOAD],
        default=DRAW,
        required=True,
        key="source",
        label_visibility="collapsed",
        width="stretch",
        persist_state="session",
        bind="query-params",
    )
    image = None
    try:
        if source == DRAW:
            image = _drawn_digit()
        elif source == TEST_DIGIT:
            image = _chosen_test_digit()
        else:
            image = _uploaded_digit()
    except UserError as problem:
        if source == UPLOAD:
            notice.warning(problem)
            return None
        notice.warning(problem, section("draw", "meanwhile"))
    if image is None:
        return examples_of(OPENING_DIGIT)[OPENING_EXAMPLE - 1]
    return image


def _drawn_digit() -> np.ndarray | None:
    """What is on the canvas, or None if nothing is."""
    state.setdefault("drawing", None)
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
        return None
    digits = digits_in_drawing(strokes_from_canvas(state.drawing))
    return drawing_to_image(digits[_one_of(len(digits), "drawing")])


def _keep_strokes(end: int) -> None:
    """Start a new canvas with the strokes of the drawing up to `end`, counted as in a slice."""
    state.drawing = {**state.drawing, "objects": state.drawing["objects"][:end]}
    state.canvas_version += 1


def _chosen_test_digit() -> np.ndarray:
    digit = st.pills(
        "Which digit?",
        range(CLASSES),
        default=OPENING_DIGIT,
        required=True,
        key="digit",
        persist_state="session",
        bind="query-params",
    )
    examples = examples_of(digit)
    number = st.number_input(
        f"Which of its {len(examples):,} test images?",
        min_value=1,
        max_value=len(examples),
        value=min(OPENING_EXAMPLE, len(examples)),
        key="example",
        persist_state="session",
        bind="query-params",
    )
    return examples[number - 1]


def _uploaded_digit() -> np.ndarray | None:
    file = st.file_uploader("A picture of a digit, or several", type=PICTURES)
    if file is None:
        return None
    if state.get("photo_id") != file.file_id:
        state.photo_id = None  # in case this one can't be read
        state.photo = photo_from_file(file.getvalue())
        state.photo_id = file.file_id
    photo = state.photo
    chosen = _one_of(len(photo.digits), f"photo-{file.file_id}")
    boxes = [digit.box for digit in photo.digits]
    st.image(boxed(photo.grey, boxes, chosen), width="stretch")
    return to_mnist(photo.digits[chosen].ink)


def _one_of(count: int, key: str) -> int:
    """Which of several digits to read, from 0: the first, until another one is chosen."""
    if count == 1:
        return 0
    st.info(section("draw", "several").format(count=count))
    number: int = st.pills(
        "Which one?",
        range(1, count + 1),
        default=1,
        required=True,
        key=f"one-of-{count}-{key}",
        label_visibility="collapsed",
    )
    return number - 1
