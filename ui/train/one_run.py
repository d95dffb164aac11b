"""What the Train page shows of one run, redrawn while it is under way."""

from pathlib import Path

import streamlit as st

from mnist_rnn.config import READING_HEADS, TrainConfig
from mnist_rnn.places_to_train import can_train
from mnist_rnn.progress import Progress, in_words
from mnist_rnn.runs import Run, queue
from mnist_rnn.runs.access import may_change, may_watch
from mnist_rnn.runs.ledger import RunRow, row_of
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.queue import InLine
from mnist_rnn.runs.status import FAILED, PAUSED, QUEUED, RUNNING, STARTING, STOPPED, TESTING
from ui import notice
from ui.page import section
from ui.readers import see_mistakes, see_read
from ui.runs.download import offer_weights
from ui.stored import supervisor
from ui.train import curves, one_digit
from ui.train.curves import RunOnPage, is_fresh, show_diagnosis
from ui.train.start import CURVES
from ui.train.steer import choose_course, offer_to_go_on, one_more_epoch
from ui.visitor import change, visitor

VIEWS = {
    CURVES: curves.show,
    "Rows over epochs": curves.show_rows_over_epochs,
    "One digit over epochs": one_digit.show,
}
state = st.session_state


def show_run(run: Run, live: bool, fresh: bool, view: str) -> None:
    """Everything about a run; one that can't be read is told. `view` is one of `VIEWS`.

    `live`: it is redrawn until the run has ended, and more often while it is `fresh`. A run that
    has ended, goes on or was hidden meanwhile is left to the whole page, once more.
    """
    row = row_of(run)
    if row.problem:
        notice.error(row.problem)
        return
    metrics = metrics_of(run)
    if (live, fresh) != (row.is_live, is_fresh(row, metrics)) or not may_watch(visitor(), row):
        st.rerun()
    if row.config is None:
        notice.error(f"The configuration of run {run.id} is missing or damaged.")
        return
    model, train = row.config
    epochs = row.control.epochs or train.epochs
    # In a container of its own, so that the curves keep their place when the state changes.
    with st.container():
        if row.status.ended:
            _show_result(row, metrics)
        elif row.status.state == QUEUED:
            _show_queue(row)
        else:
            _show_progress(row, train, metrics)
    if metrics.chunks and model.head != "one_to_many":
        show_diagnosis(metrics.curves(), train, row.control)
    if metrics.chunks or not row.status.ended:
        # A run that was stopped early fills the width as well.
        last = metrics.chunks[-1].epoch if row.status.ended else epochs
        # The other wirings read no digit row by row.
        show = VIEWS[view] if model.head in READING_HEADS else curves.show
        show(RunOnPage(row, model, metrics, last))


def metrics_of(run: Run) -> Metrics:
    """What the run has reported, read on from where this visitor last looked."""
    if "metrics" not in state or state.metrics.path != run.metrics:
        state.metrics = Metrics(run.metrics)
    metrics: Metrics = state.metrics
    metrics.refresh()
    return metrics


def _show_queue(row: RunRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if row.rests:
            st.info(section("train", "gave way"))
            _steering_button(row, "Resume", RUNNING, ":material/play_arrow:")
        elif can_train():
            st.info(notice.plainly(row.status.message) or when_its_turn_comes(row.run))
        else:
            st.info(section("train", "queued in vain"))
        _steering_button(row, "Leave the queue", STOPPED, ":material/close:")
    if can_train() and not row.rests:
        st.caption(section("train", "queued"))


def _show_progress(row: RunRow, train: TrainConfig, metrics: Metrics) -> None:
    progress = metrics.progress(row.control.epochs or train.epochs)
    epochs_done = metrics.epochs[-1].epoch if metrics.epochs else 0
    paused = row.control.pauses(epochs_done)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="steering"):
        st.progress(progress.fraction, _progress_text(row, progress, paused))
        if row.status.state == TESTING or row.control.state == STOPPED:
            return
        if paused:
            _steering_button(row, "Resume", RUNNING, ":material/play_arrow:")
        else:
            _steering_button(row, "Pause", PAUSED, ":material/pause:")
        one_more_epoch(row, train, epochs_done)
        choose_course(row, train)
        _steering_button(row, "Stop", STOPPED, ":material/stop:")
        if epochs_done and row.config and row.config.model.head in READING_HEADS:
            _mistakes_button(row.run)


def _progress_text(row: RunRow, progress: Progress, paused: bool) -> str:
    if row.status.state == TESTING:
        return section("train", "testing")
    if row.control.state == STOPPED:
        return "**Stopping …**"
    text = f"**Epoch {progress.epoch} of {progress.epochs}**"
    if paused:
        return f"{text}, paused · {section('train', 'paused')}"
    if not progress.fraction:
        waits_for = "process" if row.status.state == STARTING else "compiling"
        return f"{text}: {section('train', waits_for)}"
    if progress.images_per_second is None or progress.seconds_left is None:
        return text
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return (
        f"{text} · {progress.images_per_second:,.0f} images a second · {minutes}:{seconds:02d} left"
    )


def _steering_button(row: RunRow, label: str, wanted: str, icon: str) -> None:
    if may_change(visitor(), row):
        st.button(label, icon=icon, key=f"steer-{wanted}", on_click=_steer, args=[row.run, wanted])


def _steer(run: Run, wanted: str) -> None:
    change(run, lambda: run.steer(state=wanted, pause_after=None))
    supervisor(run.folder.parent).look()


def _show_result(row: RunRow, metrics: Metrics) -> None:
    run, status = row.run, row.status
    if status.state == FAILED:
        notice.error(status.message)
        if not status.final:
            offer_to_go_on(row)
    elif status.message:
        st.info(notice.plainly(status.message))
    card = row.card
    if card is None:
        if row.has_reader:
            st.warning(section("train", "damaged reader"))
        return
    with st.container(horizontal=True, vertical_alignment="center", key="result"):
        if card.test_accuracy is not None:
            label = "Recognised" if card.model.head == "one_to_many" else "Test accuracy"
            st.metric(label, f"{card.test_accuracy:.1%}", width="content")
        if card.model.head == "many_to_many" and card.accuracy_of_all is not None:
            mean, words = f"{card.accuracy_of_all:.1%}", section("train", "mean of all rows")
            st.metric("Mean of all rows", mean, help=words, width="content")
        if metrics.epochs:
            best = f"{card.epochs_done} of {len(metrics.epochs)}"
            st.metric("Best epoch", best, width="content")
            st.metric("Training time", f"{metrics.epochs[-1].seconds:.0f} s", width="content")
        st.space("stretch")
        if card.model.head in READING_HEADS:
            if st.button("See it read", type="primary", icon=":material/visibility:"):
                see_read([run.id])
            _mistakes_button(run)
        offer_weights(row)


def _mistakes_button(run: Run) -> None:
    if st.button("Mistakes", icon=":material/grid_on:", help=section("train", "mistakes")):
        see_mistakes(run.id)


def when_its_turn_comes(run: Run) -> str:
    """One or two sentences about a run in the queue."""
    root = run.folder.parent
    if run.id not in _places(root):
        _places.clear(root)  # It has only just been created.
    place = _places(root).get(run.id)
    if place is None:
        return "**Its turn has come.**"
    ahead = "1 run is" if place.ahead == 1 else f"{place.ahead} runs are"
    said = f"**{ahead} ahead of this one.**" if place.ahead else "**It is next.**"
    if place.starts_in is None or place.ends_in is None:
        return said
    starts = f"starts in {in_words(place.starts_in)} and " if place.ahead else ""
    later = ", or later: the run under way is paused." if place.paused else "."
    return f"{said} It {starts}ends in {in_words(place.ends_in)}{later}"


# A whole class may look at the queue twice a second.
@st.cache_data(ttl=1, show_spinner=False)
def _places(root: Path) -> dict[str, InLine]:
    return queue.places(root)
