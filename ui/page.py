"""Every page opens under the menu of app.py, whichever is asked for first."""

import runpy
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui import notice

APP = Path(__file__).parents[1] / "app.py"
HAS_MENU = "has_menu"


def run_page(main: Callable[[], None]) -> None:
    """Run a page, under the menu if Streamlit has left it out; a UserError becomes a sentence.

    Until app.py has run once in a server, Streamlit takes the folder `pages/` for its older kind
    of menu and opens a page's own script: a link to a page, or a reload after a restart.
    """
    if HAS_MENU not in st.session_state:
        runpy.run_path(str(APP), run_name="__main__")
        return
    notice.told(main)()


CONTENT = Path(__file__).parents[1] / "content"


def section(page: str, heading: str) -> str:
    """What stands under a second-level heading of `content/<page>.md`; KeyError if it is gone."""
    text = (CONTENT / f"{page}.md").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("\n## ")[1:])
    return {name.strip(): body.strip() for name, _, body in parts}[heading]
