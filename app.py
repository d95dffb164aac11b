"""The app: its server, and what it shows every visitor: its look and its pages.

Streamlit imports this file once, for the server, and then runs it as a script for each visitor.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from ui.page import HAS_MENU
from ui.server import (
    OneUploadEach,
    OnlyWhatPagesSend,
    SafeHeaders,
    ScriptsEarly,
    TokenForEachBrowser,
    at_start,
    before_start,
)
from ui.stage_files import ROUTE
from ui.train.teacher import warn_of_a_full_house

ASSETS = Path(__file__).parent / "assets"

if __name__ != "__main__":
    before_start()
    app = st.App(
        __file__,
        lifespan=at_start,
        routes=[ROUTE],
        middleware=[
            Middleware(SafeHeaders),
            Middleware(TokenForEachBrowser),
            Middleware(OnlyWhatPagesSend),
            Middleware(OneUploadEach),
            Middleware(ScriptsEarly),
        ],
    )
else:
    st.set_page_config(
        page_title="How an RNN reads a digit", page_icon=str(ASSETS / "icon.png"), layout="wide"
    )
    st.html(ASSETS / "app.css")
    st.session_state[HAS_MENU] = True
    warn_of_a_full_house()
    page = st.navigation(
        [
            st.Page("pages/draw.py", title="Draw", icon=":material/gesture:", default=True),
            st.Page("pages/wirings.py", title="Wirings", icon=":material/account_tree:"),
            st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
            st.Page("pages/runs.py", title="Runs", icon=":material/query_stats:"),
            st.Page("pages/mistakes.py", title="Mistakes", icon=":material/grid_on:"),
            st.Page("pages/glossary.py", title="Words", icon=":material/menu_book:"),
            st.Page("pages/handout.py", title="On paper", visibility="hidden"),
        ],
        position="top",
    )
    # Whoever has seen another page needs no first screen on the Draw page.
    if page.url_path:
        st.session_state.begun = True
    page.run()
