"""The parameters of the recurrent layer: a widget and a line of explanation for each."""

import streamlit as st

from ui.page import section
from ui.settings import choose, idle_now

# In the order of the post of 2016; what explains several stands below the last of them.
PARAMETERS = (
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


def choose_recurrent() -> None:
    """Widgets for those that make a difference to the network that is chosen."""
    idle = idle_now()
    shown = [name for name in PARAMETERS if name not in idle]
    if shown:
        st.markdown(section("train", "recurrent layer"))
    for name in shown:
        choose([name])
        st.caption(section("recurrent", name))
