"""The teacher's mode: a code opens it, and then everything can be stopped and cleared."""

import logging
from collections.abc import Callable, Iterable
from functools import cache

import streamlit as st

from mnist_rnn import open_files
from mnist_rnn.errors import UserError
from mnist_rnn.runs import Run, housekeeping, runs_folder
from mnist_rnn.runs.ledger import rows
from ui import notice
from ui import visitor as who
from ui.page import section, whole
from ui.stored import supervisor

state = st.session_state
_log = logging.getLogger(__name__)


def warn_of_a_full_house() -> None:
    """Say on the teacher's page, and once in the log, that soon no other browser gets in."""
    if sentence := open_files.few_left():
        _log_once(sentence)
        if who.visitor().teacher:
            notice.warning(sentence)


@cache
def _log_once(sentence: str) -> None:
    _log.warning(sentence)


def open_the_desk() -> None:
    """A small button that opens the teacher's desk, or asks for the code."""
    popover = st.popover(
        "Teacher", icon=":material/school:", width="stretch", key="teacher", on_change="rerun"
    )
    if popover.open:
        with popover:
            _show_desk() if who.visitor().teacher else _ask_for_the_code()


def _ask_for_the_code() -> None:
    st.caption(section("train", "teacher's code"))
    with st.form("code", border=False, clear_on_submit=True):
        st.text_input("Code", key="teachers_code", type="password", autocomplete="off")
        st.form_submit_button("Open", on_click=_enter)
    if problem := state.pop("teachers_problem", None):
        notice.error(problem)


@whole
def _enter() -> None:
    try:
        who.desk().enter(who.visitor().owner, state.teachers_code)
    except UserError as problem:
        state.teachers_problem = str(problem)


def _show_desk() -> None:
    runs = housekeeping.sorted_out(rows())
    home = "teacher at home" if who.at_the_computer() else "teacher"
    st.caption(section("train", home))
    for which, label, icon, key, what in (
        ("waiting", "Clear the queue", "playlist_remove", None, housekeeping.stop_all),
        ("under_way", "Stop what is under way", "stop", "stop-all", housekeeping.stop_all),
        ("ended", "Delete what has ended", "delete", None, housekeeping.delete_all),
    ):
        found, sure = getattr(runs, which), True
        if which == "ended":
            sure = st.checkbox(section("train", "sure"), key="sure", disabled=not found)
        st.button(
            f"{label} ({len(found)})",
            icon=f":material/{icon}:",
            key=key,
            on_click=_do,
            args=[what, which],
            disabled=not (found and sure),
            width="stretch",
        )
    if problem := state.pop("teachers_problem", None):
        notice.error(problem)
    if not who.at_the_computer():
        st.button("Leave the teacher's mode", on_click=_leave, width="stretch")


def _do(what: Callable[[Iterable[Run]], None], which: str) -> None:
    """Do this to all runs that stand there now, if it is the teacher who asks."""
    if not who.visitor().teacher:
        return
    try:
        what(row.run for row in getattr(housekeeping.sorted_out(rows()), which))
    except UserError as problem:
        state.teachers_problem = str(problem)
    supervisor(runs_folder()).look()


def _leave() -> None:
    who.desk().leave(who.visitor().owner)
