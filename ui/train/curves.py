"""The curves of a run, and its accuracy after every row and every epoch."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from mnist_rnn.analysis.diagnosis import diagnose
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.spreadsheets import metrics_csv
from mnist_rnn.figures.train.axes import Axis
from mnist_rnn.figures.train.curves import accuracy_figure, loss_figure, rows_figure
from mnist_rnn.figures.train.over_epochs import accuracy_over_epochs
from mnist_rnn.runs.ledger import RunRow
from mnist_rnn.runs.metrics import Curves, Metrics
from mnist_rnn.runs.status import Control
from ui.address import choose_one
from ui.page import chart, current_theme, section
from ui.runs.download import download

# A run that was started so few seconds ago, and has so few points yet, is looked at more often.
FRESH_SECONDS, FIRST_POINTS = 10.0, 3
AXES = {"epoch": "Epochs", "second": "Seconds"}


@dataclass(frozen=True)
class RunOnPage:
    """A run with something to show; `epochs` is where its horizontal axes end."""

    row: RunRow
    model: ModelConfig
    metrics: Metrics
    epochs: int

    @property
    def live(self) -> bool:
        return not self.row.status.ended


def is_fresh(row: RunRow, metrics: Metrics) -> bool:
    """Whether the first point of its curve may come any moment now."""
    age = abs(time.time() - (row.created or 0.0))
    return age < FRESH_SECONDS and len(metrics.chunks) < FIRST_POINTS


def show(shown: RunOnPage) -> None:
    """Accuracy and loss over the epochs, and below them accuracy after each row."""
    theme, metrics, head = current_theme(), shown.metrics, shown.model.head
    curves = {head: metrics.curves()}
    left, right = st.columns(2)
    axis = below_the_charts(shown.epochs, shown.row.id, {head: metrics})
    with left:
        chart(accuracy_figure(curves, axis, theme), "curve-accuracy", picture="accuracy")
    with right:
        chart(loss_figure(curves, axis, theme), "curve-loss", picture="loss")
    steered = f" {section('train', 'steered')}" if metrics.changes else ""
    st.caption(section("train", "curves") + steered)
    if head == "many_to_many":
        st.caption(section("train", "mean of all rows"))
    if metrics.epochs:
        card = None if shown.live else shown.row.card
        tested = card.accuracy_by_timestep if card else None
        by_row = tested or metrics.epochs[-1].validation_accuracy_by_timestep
        images = "test" if tested else "validation"
        if len(by_row) > 1:
            figure = rows_figure(by_row, PALETTES[theme].heads[head], theme)
            chart(figure, "curve-rows", picture="rows")
        st.caption(f"{section('train', f'rows {head}')} (10,000 {images} images)")


def below_the_charts(epochs: int, name: str, metrics: Mapping[str, Metrics]) -> Axis:
    """What their horizontal axis counts, up to so many `epochs`, and a CSV file of the numbers."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        unit = choose_one("Horizontal axis", AXES, format_func=AXES.get, key="train-axis")
        download(lambda: metrics_csv(metrics), f"{name}.csv", key="curves-csv", type="tertiary")
    return Axis(unit, epochs)


def show_rows_over_epochs(shown: RunOnPage) -> None:
    """Accuracy after each row as a heat map that grows by a column an epoch."""
    epochs = shown.metrics.epochs
    if not epochs:
        st.info(section("train", "no epoch"))
        return
    by_timestep = [epoch.validation_accuracy_by_timestep for epoch in epochs]
    st.caption(
        f"{section('train', f'rows over epochs {shown.model.head}')} (10,000 validation images)"
    )
    chart(accuracy_over_epochs(by_timestep, shown.epochs, current_theme()), "curve-over-epochs")


def show_diagnosis(curves: Curves, train: TrainConfig, control: Control) -> None:
    """Name what is wrong with the training of a classifier; nothing if nothing is plain."""
    diagnosis = diagnose(curves)
    if diagnosis is None:
        return
    numbers = {"loss": curves.chunk_loss[-1]}
    numbers["lower_rate"] = (control.learning_rate or train.learning_rate) / 10
    if len(curves.epoch):
        numbers["accuracy"] = curves.validation_accuracy[-1]
        numbers["validation"] = curves.validation_loss[-1]
        numbers["lowest"] = curves.validation_loss.min()
    with st.container(key="diagnosis"):
        st.warning(section("diagnosis", diagnosis).format(**numbers), icon=":material/warning:")
