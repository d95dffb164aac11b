"""What every page does in the same way: open under the menu, quote `content/`, show a figure."""

import runpy
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Literal, ParamSpec

import plotly.graph_objects as go
import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from mnist_rnn.figures.palette import ThemeName
from ui import notice

APP = Path(__file__).parents[1] / "app.py"
ASSETS, CONTENT = APP.with_name("assets"), APP.with_name("content")
HAS_MENU = "has_menu"
Given = ParamSpec("Given")


def run_page(main: Callable[[], None]) -> None:
    """Run a page, under the menu if Streamlit has left it out; a UserError becomes a sentence.

    Until app.py has run once in a server, Streamlit takes the folder `pages/` for its older kind
    of menu and opens a page's own script: a link to a page, or a reload after a restart.
    """
    if HAS_MENU not in st.session_state:
        runpy.run_path(str(APP), run_name="__main__")
        return
    notice.told(main)()


def whole(callback: Callable[Given, None]) -> Callable[Given, None]:
    """A widget's callback that is done to its end although the browser asks for the page again.

    A field that is built late tells where it starts, a finger presses twice: then Streamlit ends
    the callback at its next touch of the session's state, and the press is lost. Here it begins
    again. So nothing may touch that state any more once something was done.
    """

    @wraps(callback)
    def done(*args: Given.args, **more: Given.kwargs) -> None:
        asked_again = None
        while True:
            try:
                callback(*args, **more)
                break
            except RerunException as request:
                asked_again = request
        if asked_again:
            raise asked_again

    return done


def section(page: str, heading: str) -> str:
    """What stands under a second-level heading of `content/<page>.md`; KeyError if it is gone."""
    text = (CONTENT / f"{page}.md").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("\n## ")[1:])
    return {name.strip(): body.strip() for name, _, body in parts}[heading]


def explained(page: str) -> str:
    """The words of the glossary that the page's own `content/` names, one below the other."""
    lines = section("glossary", "words").splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    of = {row[0].split("**")[1]: f"{row[0]} {row[2]}".strip() + f": {row[1]}" for row in rows}
    return "\n\n".join(of[word] for word in section(page, "words").split(", "))


def heading(title: str, purpose: str, words: str | None = None) -> None:
    """The page's one title, what its `words` mean, and a line on what the page is for."""
    with st.container(key="heading", gap="xxsmall"):
        st.title(title, anchor=False, help=words)
        if purpose:
            st.markdown(purpose)


def styled(name: str) -> None:
    """Add a style sheet of `assets/` to the page."""
    st.html(ASSETS / f"{name}.css")


def current_theme() -> ThemeName:
    """The theme that this visitor's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def chart(
    figure: go.Figure,
    key: str,
    alt: str | None = None,
    *,
    height: int | Literal["stretch"] = "stretch",
    on_select: Callable[[], None] | Literal["ignore"] = "ignore",
    picture: str = "",
) -> None:
    """A figure as high as the stylesheet says of its `key`.

    Of Plotly's own buttons it has none, or the one that makes a PNG file, called `picture`.
    `alt` says in words what is seen in it; `on_select` is called when a point of it is clicked.
    """
    # For a slide: twice as sharp as on the page.
    file = {"format": "png", "filename": picture, "scale": 2}
    buttons = {"modeBarButtons": [["toImage"]], "toImageButtonOptions": file, "displaylogo": False}
    st.plotly_chart(
        figure,
        height=height,
        key=key,
        config={"displayModeBar": bool(picture), **buttons},
        on_select=on_select,
        selection_mode="points",
        alt=alt,
    )
