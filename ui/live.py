"""What the Train page shows of one run, redrawn while it is under way."""

from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.figures.learning import accuracy_figure, loss_figure, rows_figure
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.metrics import Metrics, Progress
from mnist_rnn.runs import Run
from mnist_rnn.states import (
    FAILED,
    PAUSED,
    QUEUED,
    RUNNING,
    STARTING,
    STOPPED,
    TESTING,
    UNREADABLE,
    Control,
    Status,
)
from mnist_rnn.supervisor import Supervisor, place_in_queue
from mnist_rnn.weights import Card
from ui.prose import section
from ui.scene import current_theme
from ui.steer import choose_course

state = st.session_state


@st.cache_resource
def supervisor(root: Path) -> Supervisor:
    """The one supervisor of this app for a folder of runs."""
    return Supervisor(root)


def is_live(run: Run, status: Status) -> bool:
    """Whether there may be more to see soon: on a full disk a status is unreadable for moments."""
    return not status.ended or (status is UNREADABLE and run.folder.is_dir())


def show_run(run: Run, live: bool) -> None:
    """Everything about a run; `live` says that it is redrawn until the run has ended."""
    status, control = run.status(), run.control()
    if live and not is_live(run, status):
        st.rerun()
    try:
        model, train = run.config()
    except UserError as problem:
        st.error(str(problem))
        return
    metrics = _metrics(run)
    epochs = control.epochs or train.epochs
    # In a container of its own, so that the curves keep their place when the state changes.
    with st.container():
        if status.ended:
            _show_result(run, status, metrics)
        elif status.state == QUEUED:
            _show_queue(run, status)
        else:
            _show_progress(run, train, status, control, metrics.progress(epochs))
    if metrics.chunks:
        # A run that was stopped early fills the width as well.
        last = metrics.chunks[-1].epoch if status.ended else epochs
        _show_curves(metrics, model, last, run.card() if status.ended else None)


def _metrics(run: Run) -> Metrics:
    if "metrics" not in state or state.metrics.path != run.metrics:
        state.metrics = Metrics(run.metrics)
    metrics: Metrics = state.metrics
    metrics.refresh()
    return metrics


def _show_queue(run: Run, status: Status) -> None:
    ahead = place_in_queue(run, run.folder.parent)
    runs = "1 run is" if ahead == 1 else f"{ahead} runs are"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(status.message or (f"{runs} ahead of this one." if ahead else "It is next."))
        _steering_button(run, "Leave the queue", STOPPED, ":material/close:")
    st.caption(section("train", "queued"))


def _show_progress(
    run: Run, train: TrainConfig, status: Status, control: Control, progress: Progress
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(progress.fraction, _progress_text(status, control, progress))
        if status.state == TESTING or control.state == STOPPED:
            return
        if control.state == PAUSED:
            _steering_button(run, "Resume", RUNNING, ":material/play_arrow:")
        else:
            _steering_button(run, "Pause", PAUSED, ":material/pause:")
        choose_course(run, train, control)
        _steering_button(run, "Stop", STOPPED, ":material/stop:")


def _progress_text(status: Status, control: Control, progress: Progress) -> str:
    if status.state == TESTING:
        return section("train", "testing")
    if control.state == STOPPED:
        return "**Stopping …**"
    text = f"**Epoch {progress.epoch} of {progress.epochs}**"
    if status.state == PAUSED:
        return f"{text}, paused"
    if status.state == STARTING or not progress.fraction:
        return section("train", "starting")
    if progress.images_per_second is None or progress.seconds_left is None:
        return text
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return (
        f"{text} · {progress.images_per_second:,.0f} images a second · {minutes}:{seconds:02d} left"
    )


def _steering_button(run: Run, label: str, wanted: str, icon: str) -> None:
    st.button(label, icon=icon, key=f"steer-{wanted}", on_click=_steer, args=[run, wanted])


def _steer(run: Run, wanted: str) -> None:
    try:
        run.steer(state=wanted)
    except UserError as problem:
        st.error(str(problem))
    supervisor(run.folder.parent).look()


def _show_result(run: Run, status: Status, metrics: Metrics) -> None:
    if status.state == FAILED:
        st.error(status.message)
    elif status.message:
        st.info(status.message)
    card = run.card()
    if card is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="result"):
        if card.test_accuracy is not None:
            st.metric("Test accuracy", f"{card.test_accuracy:.1%}", width="content")
        st.metric("Best epoch", f"{card.epochs_done} of {len(metrics.epochs)}", width="content")
        if metrics.epochs:
            st.metric("Training time", f"{metrics.epochs[-1].seconds:.0f} s", width="content")
        st.space("stretch")
        if st.button("See it read", type="primary", icon=":material/visibility:"):
            state.readers = [run.id]
            st.switch_page("pages/draw.py")
        _download(run, run.best, "safetensors")
        _download(run, run.keras_model, "keras")


def _download(run: Run, path: Path, suffix: str) -> None:
    if path.is_file():
        st.download_button(
            f".{suffix}",
            path.read_bytes,
            f"{run.id}.{suffix}",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
        )


def _show_curves(metrics: Metrics, model: ModelConfig, epochs: int, card: Card | None) -> None:
    theme = current_theme()
    curves = metrics.curves()
    left, right = st.columns(2)
    with left:
        _chart(accuracy_figure(curves, epochs, theme), "accuracy")
    with right:
        _chart(loss_figure(curves, epochs, theme), "loss")
    if metrics.epochs:
        tested = card.accuracy_by_timestep if card else None
        by_row = tested or metrics.epochs[-1].validation_accuracy_by_timestep
        images = "test" if tested else "validation"
        _chart(rows_figure(by_row, PALETTES[theme].heads[model.head], theme), "rows")
        st.caption(f"{section('train', f'rows {model.head}')} (10,000 {images} images)")


def _chart(figure: go.Figure, name: str) -> None:
    st.plotly_chart(figure, height="stretch", key=f"curve-{name}", config={"displayModeBar": False})
