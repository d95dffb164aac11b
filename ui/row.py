"""The row that the views stop at: one slider, the same row in every view."""

import streamlit as st

from mnist_rnn.config import ROWS
from ui.bound import bound


def choose_row() -> int:
    """After how many of the 28 rows to look, from 1 to 28."""
    row: int = st.slider(
        "After row",
        min_value=1,
        max_value=ROWS,
        value=ROWS,
        **bound("row", number=True),
    )
    return row


def opening_row() -> int:
    """The row that another view stopped at or that the link names, else the last one."""
    return named_row("row")


def named_row(key: str) -> int:
    """The row, from 1 to 28, that a widget with this key or the link names, else the last one."""
    named = st.session_state.get(key, st.query_params.get(key, ROWS))
    try:
        return min(max(int(named), 1), ROWS)
    except ValueError:
        return ROWS
