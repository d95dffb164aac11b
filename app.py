"""The app: its look and its pages."""

import os
from pathlib import Path

# Reading multiplies small matrices, which more threads only slow down, and by far when trainings
# keep the cores busy. NumPy looks at this once, when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

from ui.menu import HAS_MENU

st.set_page_config(
    page_title="How an RNN reads a digit", page_icon="assets/icon.png", layout="wide"
)
st.html(Path("assets/app.css"))
st.session_state[HAS_MENU] = True
st.navigation(
    [
        st.Page("pages/draw.py", title="Draw", icon=":material/gesture:", default=True),
        st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
    ],
    position="top",
).run()
