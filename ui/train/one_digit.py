"""One digit as the network of a run reads it after any epoch, up to any row."""

import streamlit as st

from mnist_rnn.analysis.epochs import EpochReadings
from mnist_rnn.analysis.sentences import unit_of
from mnist_rnn.config import ROWS
from mnist_rnn.errors import UserError
from mnist_rnn.figures.reading import reading_figure
from mnist_rnn.figures.train.over_epochs import digit_over_epochs, epochs_shown
from mnist_rnn.network.catalog import Entry
from mnist_rnn.runs import Run
from ui import notice
from ui.digit import Digit, choose_digit_at_hand
from ui.draw.scene import read
from ui.page import chart, current_theme, section
from ui.stored import stored_reader
from ui.train.curves import RunOnPage

CONTROLS_WIDTH_PIXELS = 330
# How many epochs the slider may have been set to before the browser says that it has the last one:
# one redrawing is under way, one waits.
MOST_ON_THE_WAY = 6
state = st.session_state


def show(shown: RunOnPage) -> None:
    """Sliders and a map of all epochs on the left, the reading after one of them on the right."""
    epochs = [epoch.epoch for epoch in shown.metrics.epochs]
    if not epochs:
        st.info(section("train", "no epoch"))
        return
    timesteps = shown.model.timesteps
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CONTROLS_WIDTH_PIXELS, gap="xsmall"):
            digit = choose_digit_at_hand()
            if digit is None:
                return
            epoch = _choose_epoch(shown, epochs[-1])
            label, key = f"After {unit_of(timesteps)}", f"step-of-{timesteps}"
            step = st.slider(label, 1, timesteps, timesteps, key=key, persist_state="session")
            _show_all_epochs(shown, digit, epochs, (epoch, step))
        with st.container(width="stretch", gap="xsmall"):
            _show_reading(shown.row.run, digit, epoch, step / timesteps)
            st.caption(section("train", "one digit"))


def _choose_epoch(shown: RunOnPage, newest: int) -> int:
    """The newest epoch until another one is chosen; choosing the newest follows it again."""
    chosen_key, key, set_key = (
        f"{name}-{shown.row.id}" for name in ("chosen-epoch", "epoch", "epochs-set")
    )
    epoch = min(state.get(chosen_key) or newest, newest)
    # Set only when it differs: otherwise each redrawing would tear the slider from who drags it.
    if state.get(key) != epoch:
        state[set_key] = [*state.get(set_key, []), state.get(key), epoch][-MOST_ON_THE_WAY:]
        state[key] = epoch
    else:
        state[set_key] = [epoch]

    def choose() -> None:
        # A redrawing that the browser asked for before it was told of the newest epoch brings an
        # epoch from before along, which nobody chose.
        if state[key] in state[set_key]:
            return
        state[chosen_key] = state[key] if state[key] < newest else None

    def follow() -> None:
        state[chosen_key] = None

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.slider(
            "After epoch",
            min_value=1,
            # Grows in leaps, as the map does: a slider with other limits is another slider.
            max_value=max(2, epochs_shown(newest, shown.epochs)),
            value=epoch,
            key=key,
            on_change=choose,
            help=section("train", "following") if shown.live else None,
        )
        if shown.live and state.get(chosen_key):
            st.button("Follow", icon=":material/last_page:", on_click=follow, key="follow")
    return epoch


def _show_all_epochs(
    shown: RunOnPage, digit: Digit, epochs: list[int], chosen: tuple[int, int]
) -> None:
    """The map of all epochs; the epoch and the timestep `chosen` are marked in it."""
    if "epoch_readings" not in state or not state.epoch_readings.are_of(shown.row.run, digit.image):
        state.epoch_readings = EpochReadings(shown.row.run, digit.image)
    found, probabilities = state.epoch_readings.over(epochs)
    if not found:
        st.warning(section("train", "lost epochs"))
        return
    # Of a drawing nobody knows the class: then it is what the newest epoch takes it for.
    answer = int(probabilities[-1, -1].argmax())
    figure = digit_over_epochs(
        found,
        probabilities,
        digit=answer if digit.label is None else digit.label,
        chosen=chosen,
        planned=shown.epochs,
        theme=current_theme(),
    )
    chart(figure, "curve-one-digit")


def _show_reading(run: Run, digit: Digit, epoch: int, share: float) -> None:
    """The reading after an epoch and after this share (0 to 1) of the sequence."""
    entry = Entry(run.id, f"After epoch {epoch}", run.snapshot(epoch))
    try:
        reading = read(digit.image, entry, stored_reader(entry.path))
    except UserError as problem:
        notice.warning(problem)
        return
    figure = reading_figure(digit.image, reading, current_theme(), ROWS * share)
    chart(figure, "curve-reading", f"After epoch {epoch} it reads {reading.trace.answers[-1]}")
