"""A run that was interrupted can go on."""

from collections.abc import Callable

import streamlit as st

from mnist_rnn.errors import UserError
from mnist_rnn.line import rejoin
from mnist_rnn.owners import may_change
from mnist_rnn.resuming import last_epoch
from mnist_rnn.runs import Run
from ui import notice
from ui.prose import section
from ui.visitor import visitor


def offer_to_go_on(run: Run, then: Callable[[], None]) -> None:
    """A button for the owner and the teacher, and what going on means; `then` follows a click."""
    if not may_change(visitor(), run):
        return
    last = last_epoch(run)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Go on after epoch {last.epoch}" if last else "Start it again",
            icon=":material/replay:",
            key="go-on",
            on_click=_go_on,
            args=[run, then],
        )
        st.caption(section("train", "go on" if last else "start again"))


def _go_on(run: Run, then: Callable[[], None]) -> None:
    try:
        rejoin(visitor(), run)
    except UserError as problem:
        notice.error(problem)
    then()
