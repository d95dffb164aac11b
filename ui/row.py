"""The row that the views stop at: the same row in every view, and in the link."""

import streamlit as st

from mnist_rnn.config import ROWS
from ui.address import say_in_address

KEY = "row"
OPENED = "view_opened"


def choose_row(instead_of_end: int = ROWS) -> int:
    """After how many of the 28 rows to look, from 1 to 28, by a slider.

    A view that is opened after the last row, where everybody ends up, opens at `instead_of_end`.
    """
    row = row_of_stage()
    opened = st.session_state.pop(OPENED, False)
    if not row or (opened and row == ROWS):
        st.session_state[KEY] = instead_of_end
    else:
        st.session_state.setdefault(KEY, row)
    row: int = st.slider("After row", min_value=1, max_value=ROWS, key=KEY, persist_state="session")
    if st.query_params.get(KEY, str(ROWS)) != str(row):
        st.query_params[KEY] = str(row)
    return row


def open_view() -> None:
    """Another view has been chosen."""
    st.session_state[OPENED] = True


def row_of_stage() -> int:
    """The row that another view stopped at or that the link names, else 0: nothing is read yet."""
    named = KEY in st.session_state or KEY in st.query_params
    return named_row(KEY) if named else 0


def stage_stopped_at(row: int) -> None:
    """Other views and the link open at this row, unless it is 0."""
    if row:
        st.session_state[KEY] = row
    else:
        st.session_state.pop(KEY, None)
    say_in_address(KEY, str(row or ""))


def named_row(key: str) -> int:
    """The row, from 1 to 28, that a widget with this key or the link names, else the last one."""
    named = st.session_state.get(key, st.query_params.get(key, ROWS))
    try:
        return min(max(int(named), 1), ROWS)
    except ValueError:
        return ROWS
