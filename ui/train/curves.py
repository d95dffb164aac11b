"""The curves of a run, and its accuracy after every row and every epoch."""

from dataclasses import dataclass

import streamlit as st

from mnist_rnn.analysis.diagnosis import diagnose
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.train.curves import accuracy_figure, loss_figure, rows_figure
from mnist_rnn.figures.train.over_epochs import accuracy_over_epochs
from mnist_rnn.runs.ledger import RunRow
from mnist_rnn.runs.metrics import Curves, Metrics
from mnist_rnn.runs.status import Control
from ui.page import chart, current_theme, section


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


def show(shown: RunOnPage) -> None:
    """Accuracy and loss over the epochs, and below them accuracy after each row."""
    theme, metrics = current_theme(), shown.metrics
    curves = metrics.curves()
    left, right = st.columns(2)
    with left:
        of_all = shown.model.head == "many_to_many"
        chart(accuracy_figure(curves, shown.epochs, theme, of_all=of_all), "curve-accuracy")
    with right:
        chart(loss_figure(curves, shown.epochs, theme), "curve-loss")
    steered = f" {section('train', 'steered')}" if metrics.changes else ""
    st.caption(section("train", "curves") + steered)
    if of_all:
        st.caption(section("train", "mean of all rows"))
    if metrics.epochs:
        card = None if shown.live else shown.row.card
        tested = card.accuracy_by_timestep if card else None
        by_row = tested or metrics.epochs[-1].validation_accuracy_by_timestep
        images = "test" if tested else "validation"
        if len(by_row) > 1:
            chart(rows_figure(by_row, PALETTES[theme].heads[shown.model.head], theme), "curve-rows")
        st.caption(f"{section('train', f'rows {shown.model.head}')} (10,000 {images} images)")


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
    st.warning(section("diagnosis", diagnosis).format(**numbers), icon=":material/warning:")
