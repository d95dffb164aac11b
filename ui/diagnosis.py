"""One sentence on what is wrong with a training, why, and what to try."""

import streamlit as st

from mnist_rnn.analysis.diagnosis import diagnose
from mnist_rnn.config import TrainConfig
from mnist_rnn.metrics import Curves
from mnist_rnn.states import Control
from ui.prose import section


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
