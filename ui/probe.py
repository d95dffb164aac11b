"""The one digit whose reading is followed through a training."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from mnist_rnn.config import CLASSES
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.strokes import strokes_from_canvas
from mnist_rnn.errors import UserError
from ui import notice
from ui.draw.scene import OPENING_DIGIT, OPENING_EXAMPLE, examples_of
from ui.page import section

TEST_DIGIT, DRAWING = "Test digit", "My drawing"
state = st.session_state


@dataclass(frozen=True)
class Probe:
    """An image (28, 28) uint8, and its class if that is known."""

    image: np.ndarray
    label: int | None


def choose_probe(key: str = "probe", opening: str | None = None) -> Probe | None:
    """A test digit, or what was drawn on the Draw page; None, and a sentence, if nothing was.

    The choice opens with `opening` whenever its page is opened, else as it was left.
    """
    source = st.segmented_control(
        "Which digit it reads",
        [TEST_DIGIT, DRAWING],
        default=opening or TEST_DIGIT,
        required=True,
        key=key,
        label_visibility="collapsed",
        width="stretch",
        persist_state=None if opening else "session",
    )
    return _test_digit() if source == TEST_DIGIT else _drawing()


def _test_digit() -> Probe:
    with st.container(horizontal=True, gap="small"):
        digit = st.selectbox(
            "Digit",
            range(CLASSES),
            index=OPENING_DIGIT,
            key="probe-digit",
            persist_state="session",
            width=90,
        )
        examples = examples_of(digit)
        if "probe-example" in state:
            # There are fewer of some digits than of others.
            state["probe-example"] = min(state["probe-example"], len(examples))
        number = st.number_input(
            f"Which of {len(examples):,}?",
            min_value=1,
            max_value=len(examples),
            value=OPENING_EXAMPLE,
            key="probe-example",
            persist_state="session",
        )
    return Probe(examples[number - 1], digit)


def _drawing() -> Probe | None:
    if not (state.get("drawing") or {}).get("objects"):
        st.info(section("train", "no drawing"))
        return None
    try:
        return Probe(drawing_to_image(strokes_from_canvas(state.drawing)), None)
    except UserError as problem:
        notice.warning(problem)
        return None
