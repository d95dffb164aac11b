"""What starts a training: a preset and two buttons, and the settings, the rare ones folded away."""

import streamlit as st

from mnist_rnn.analysis.two_heads import both_heads
from mnist_rnn.config import Config
from mnist_rnn.differences import rules
from mnist_rnn.errors import UserError
from mnist_rnn.places_to_train import can_train
from mnist_rnn.runs import Run, queue, runs_folder
from ui import notice
from ui.page import section, whole
from ui.settings import choose, choose_preset, chosen, idle_now, show_changes
from ui.stored import supervisor
from ui.train.link import show_link
from ui.train.teacher import open_the_desk
from ui.visitor import visitor

CURVES, BOTH = "Curves", "Both heads"
OFTEN = (("head",), ("units", "epochs"), ("learning_rate", "seed"))
# Side by side where they belong together; a setting that is in no pair has a line of its own.
PAIRS = (("batch_size", "train_images"), ("schedule", "clip_norm"), ("filters", "activation"))
PAIRS += (("augmentation", "augmented_share"), ("non_digits", "calibration"))
# In the order of the post of 2016; what explains several stands below the last of them.
RECURRENT = (
    "kernel_init",
    "recurrent_init",
    "rnn_activation",
    "kernel_regularizer",
    "recurrent_regularizer",
    "bias_regularizer",
    "regularization",
    "dropout",
    "recurrent_dropout",
)
state = st.session_state


def choose_and_start() -> str:
    """The preset and the buttons; returns what is wrong with the settings, which it has told."""
    choose_preset()
    problem = str(state.pop("problem", ""))
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Compare both",
            type="primary",
            icon=":material/science:",
            help=section("experiment", "help"),
            on_click=_start_both,
            disabled=not can_train(),
            width="stretch",
        )
        st.button(
            "Start",
            icon=":material/play_arrow:",
            help=section("train", "start"),
            on_click=_start_one,
            disabled=not can_train(),
            width="stretch",
        )
    show_changes()
    try:
        chosen()
    except UserError as error:
        problem = str(error)
    if problem:
        notice.error(problem)
    return problem


def choose_settings() -> None:
    """What the preset will show, and all that it sets."""
    st.caption(section("presets", state.preset))
    for names in OFTEN:
        choose(names)
    with st.expander("More settings"):
        placed = {name for names in OFTEN for name in names} | set(RECURRENT)
        for name in rules():
            if name not in placed:
                names = next((pair for pair in PAIRS if name in pair), (name,))
                choose(names)
                placed |= set(names)
        _choose_recurrent()
    with st.container(horizontal=True, gap="small"):
        show_link()
        open_the_desk()


def _choose_recurrent() -> None:
    """Of the recurrent layer, what makes a difference to the network that is chosen."""
    idle = idle_now()
    shown = [name for name in RECURRENT if name not in idle]
    if shown:
        st.markdown(section("train", "recurrent layer"))
    for name in shown:
        choose([name])
        st.caption(section("recurrent", name))


def start(wanted: list[Config]) -> None:
    """Put these runs into the queue, all or none, to be shown: two are a pair.

    For callbacks that are `whole`.
    """
    started: list[Run] = state.setdefault("started", [])
    look = supervisor(runs_folder()).look
    try:
        started[:] = queue.join(visitor(), wanted)
    except UserError as error:
        state.problem = str(error)
    look()


def take_started() -> None:
    """Show what was started; if that is cut short, it is done when the page is drawn next."""
    started: list[Run] = state.get("started", [])
    if started:
        state.run = started[0].id
        state.run_view = BOTH if len(started) > 1 else CURVES
        state.starts = state.get("starts", 0) + 1
        started.clear()


def since_start(name: str) -> str:
    """A key of this name for a widget, another one after each start.

    A browser that has not heard of the start yet still reports the run and the view that it shows,
    and would take the page back to them.
    """
    return f"{name}-{state.get('starts', 0)}"


@whole
def _start_one() -> None:
    try:
        start([chosen()])
    except UserError as error:
        state.problem = str(error)


@whole
def _start_both() -> None:
    """Both heads, the one that the page shows first: it may have been prepared."""
    try:
        model, train = chosen()
        start(sorted(both_heads(model, train), key=lambda config: config.model.head != model.head))
    except UserError as error:
        state.problem = str(error)
