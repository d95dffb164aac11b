"""The app: its look and its pages."""

from pathlib import Path

import streamlit as st

from ui.menu import HAS_MENU

ASSETS = Path(__file__).parent / "assets"

st.set_page_config(
    page_title="How an RNN reads a digit", page_icon=str(ASSETS / "icon.png"), layout="wide"
)
st.html(ASSETS / "app.css")
st.session_state[HAS_MENU] = True
st.navigation(
    [
        st.Page("pages/draw.py", title="Draw", icon=":material/gesture:", default=True),
        st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
    ],
    position="top",
).run()
