"""Another course for a run under way: the learning rate from now on, the epochs in all."""

import streamlit as st

from mnist_rnn.config import TrainConfig, settings
from mnist_rnn.errors import UserError
from mnist_rnn.runs import Run
from mnist_rnn.states import Control


def choose_course(run: Run, train: TrainConfig, control: Control) -> None:
    """A button that opens two fields; a change takes effect within a chunk of steps."""
    with st.popover("Steer", icon=":material/tune:"):
        _field(run, "learning_rate", "Learning rate from now on", train, control)
        _field(run, "epochs", "Epochs in all", train, control)


def _field(run: Run, name: str, label: str, train: TrainConfig, control: Control) -> None:
    kind, rule = settings(TrainConfig)[name]
    configured = getattr(train, name)
    key = f"steer-{name}-{run.id}"
    st.number_input(
        label,
        kind(rule.minimum),
        kind(rule.maximum),
        value=getattr(control, name) or configured,
        step=max(1, configured // 10) if kind is int else configured / 2,
        format="%d" if kind is int else "%.4g",
        key=key,
        on_change=_steer,
        args=[run, name, key],
    )


def _steer(run: Run, name: str, key: str) -> None:
    try:
        run.steer(**{name: st.session_state[key]})
    except UserError as problem:
        st.error(str(problem))
