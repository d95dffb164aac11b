"""What its owner and the teacher may decide about a run besides training it."""

import streamlit as st

from mnist_rnn.errors import UserError
from mnist_rnn.owners import is_pinned, is_shared, mark, may_change
from mnist_rnn.runs import Run
from ui import notice
from ui.prose import section
from ui.visitor import permit, visitor


def choose_marks(run: Run) -> None:
    """Whether others may watch the run and, for the teacher, whether it is pinned."""
    now = visitor()
    if not may_change(now, run):
        st.caption(section("train", "watching"), width="content")
        return
    icon = ":material/group:" if is_shared(run) else ":material/lock:"
    with st.popover("", icon=icon, help=section("train", "who may watch")):
        _toggle(run, "shared", "Others may watch this run", is_shared(run))
        if now.teacher:
            _toggle(run, "pinned", "Pinned: on top, and safe from deletion", is_pinned(run))


def _toggle(run: Run, name: str, label: str, value: bool) -> None:
    key = f"{name}-{run.id}"
    st.session_state[key] = value
    st.toggle(label, key=key, on_change=_mark, args=[run, name, key])


def _mark(run: Run, name: str, key: str) -> None:
    now = visitor()
    if not permit(run) or (name == "pinned" and not now.teacher):
        return
    try:
        mark(run, name, st.session_state[key])
    except UserError as problem:
        notice.error(problem)
