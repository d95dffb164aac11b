"""Which digit one-to-many draws, and in which style."""

import numpy as np
import streamlit as st

from mnist_rnn.config import CLASSES
from mnist_rnn.digits.handwriting import MOST_STYLES, NAMES, at_random
from ui.address import bound
from ui.digit import OPENING_DIGIT
from ui.page import section

# Further from the mean there were few digits to learn from.
FURTHEST = 2.5
state = st.session_state


def choose_drawing() -> None:
    """The class, sliders for the style numbers that have names, and a throw of the dice."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="style"):
        st.pills(
            "Draw a",
            range(CLASSES),
            default=OPENING_DIGIT,
            required=True,
            wrap=True,
            **bound("draws"),
        )
        for name in NAMES:
            key = f"style-{name}"
            st.slider(
                name.capitalize(),
                -FURTHEST,
                FURTHEST,
                value=0.0,
                step=0.1,
                key=key,
                persist_state="session",
                width=170,
            )
        st.button(
            "Another style",
            icon=":material/casino:",
            on_click=_throw,
            help=section("wirings", "another style"),
        )


def drawing_wanted() -> tuple[int, np.ndarray]:
    """The digit and its style (MOST_STYLES,) as the controls were left, in or out of sight."""
    digit = state.get("draws", OPENING_DIGIT)
    named = [state.get(f"style-{name}", 0.0) for name in NAMES]
    shapes = state.get("style-shapes", [0.0] * (MOST_STYLES - len(NAMES)))
    return digit, np.array([*named, *shapes], np.float32)


def _throw() -> None:
    """A style that somebody might have written in."""
    (style,) = at_random(1, MOST_STYLES, np.random.default_rng())
    for name, number in zip(NAMES, style, strict=False):
        state[f"style-{name}"] = round(float(np.clip(number, -FURTHEST, FURTHEST)), 1)
    state["style-shapes"] = style[len(NAMES) :].tolist()
