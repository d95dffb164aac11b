"""Another course for a run under way: the learning rate from now on, the epochs, one more."""

from typing import Any

import streamlit as st

from mnist_rnn.config import TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.places_to_train import can_train
from mnist_rnn.runs import Run
from mnist_rnn.runs.access import may_change
from mnist_rnn.runs.ledger import RunRow, last_epoch, row_of
from mnist_rnn.runs.queue import rejoin
from mnist_rnn.runs.status import PAUSED, RUNNING
from mnist_rnn.settings import settings
from ui import notice
from ui.page import section, whole
from ui.settings import number_field
from ui.stored import supervisor
from ui.visitor import change, visitor

LABELS = {"learning_rate": "Learning rate from now on", "epochs": "Epochs in all"}


def choose_course(row: RunRow, train: TrainConfig) -> None:
    """A button that opens two fields; what is applied takes effect within a chunk of steps."""
    if not may_change(visitor(), row):
        return
    asked = {name: getattr(row.control, name) or getattr(train, name) for name in LABELS}
    with st.popover("Steer", icon=":material/tune:"), st.form(f"course-{row.id}", border=False):
        for name, value in asked.items():
            # A popover builds its fields once it is opened, and then they report where they start.
            kind, rule = settings(TrainConfig)[name]
            number_field(LABELS[name], kind, rule, value, key=_key(row.run, name, value))
        st.form_submit_button("Apply", on_click=_steer, args=[row.run, asked])


def one_more_epoch(row: RunRow, train: TrainConfig, epochs_done: int) -> None:
    """A button for one epoch more: in all if the run is under way, until its next pause if not."""
    if not may_change(visitor(), row):
        return
    st.button(
        "+1 epoch",
        icon=":material/skip_next:",
        key="steer-one-more",
        help=section("train", "one more epoch"),
        on_click=_add_epoch,
        args=[row.run, train, epochs_done],
    )


def _add_epoch(run: Run, train: TrainConfig, epochs_done: int) -> None:
    control = row_of(run).control
    epochs = control.epochs or train.epochs
    # Two quick clicks find the same page, so this counts from what was asked before.
    pause_after = max(epochs_done, control.pause_after or 0) + 1
    if control.state == PAUSED or control.pause_after is not None:
        asked: dict[str, Any] = {"state": RUNNING, "pause_after": pause_after}
        if pause_after > epochs:
            asked["epochs"] = pause_after
    else:
        asked = {"epochs": epochs + 1}
    change(run, lambda: run.steer(**asked))


def _key(run: Run, name: str, value: float) -> str:
    # It holds what is asked of the run, so that the field shows it whoever changes it.
    return f"steer-{name}-{run.id}-{value}"


@whole
def _steer(run: Run, asked: dict[str, Any]) -> None:
    wanted = {name: st.session_state[_key(run, name, value)] for name, value in asked.items()}
    changes = {name: value for name, value in wanted.items() if value != asked[name]}
    if changes:
        change(run, lambda: run.steer(**changes))


def offer_to_go_on(row: RunRow) -> None:
    """A button for the owner and the teacher, and what going on means."""
    if not may_change(visitor(), row):
        return
    last = last_epoch(row.run)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Go on after epoch {last.epoch}" if last else "Start it again",
            icon=":material/replay:",
            key="go-on",
            on_click=_go_on,
            disabled=not can_train(),
            args=[row.run],
        )
        st.caption(section("train", "go on" if last else "start again"))


def _go_on(run: Run) -> None:
    try:
        rejoin(visitor(), run)
    except UserError as problem:
        notice.error(problem)
    supervisor(run.folder.parent).look()
