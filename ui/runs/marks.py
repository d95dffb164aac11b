"""Who may watch a run, and whether it is pinned."""

import streamlit as st

from mnist_rnn.runs import Run
from mnist_rnn.runs.access import may_change
from mnist_rnn.runs.ledger import RunRow
from ui.page import section
from ui.visitor import change, visitor


def choose_marks(row: RunRow) -> None:
    """Whether others may watch the run and, for the teacher, whether it is pinned."""
    now = visitor()
    if not may_change(now, row):
        st.caption(section("train", "watching"), width="content")
        return
    icon = ":material/group:" if row.label.shared else ":material/lock:"
    with st.popover("", icon=icon, help=section("train", "who may watch")):
        _toggle(row, "shared", "Others may watch this run")
        if now.teacher:
            _toggle(row, "pinned", "Pinned: on top, and safe from deletion")


def _toggle(row: RunRow, name: str, label: str) -> None:
    key, value = f"{name}-{row.id}", getattr(row.label, name)
    st.session_state[key] = value
    st.toggle(label, value, key=key, on_change=_mark, args=[row.run, name, key])


def _mark(run: Run, name: str, key: str) -> None:
    if name != "pinned" or visitor().teacher:
        change(run, lambda: run.mark(**{name: st.session_state[key]}))
