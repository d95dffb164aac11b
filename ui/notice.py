"""Sentences that may quote what somebody typed, shown letter by letter.

Streamlit takes what it is told for Markdown: a name in a message could be a picture from another
site, a link or a formula. Every page tells problems through here.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

from mnist_rnn.errors import UserError

# Some of Streamlit's own marks, links and arrows are looked for after the backslashes are gone: a
# word joiner, which takes no room, keeps their letters apart.
_JOINER = "\u2060"
_MARKS = re.compile(r"[\\`*\[\]<>#+!|~$&@]|:(?=\S)|(?<!\w)-|-(?!\w)|(?<![^\W_])_|_(?![^\W_])")
_STARTS = re.compile(r"www(?=\.)|^\d+(?=[.)])", re.IGNORECASE)


def plainly(text: object) -> str:
    """Markdown that shows this text letter by letter, on one line."""
    line = _STARTS.sub(rf"\g<0>{_JOINER}", " ".join(str(text).split()))
    return _MARKS.sub(rf"\\\g<0>{_JOINER}", line)


def error(problem: object) -> None:
    """Say what went wrong; the text may come from anyone."""
    st.error(plainly(problem))


def told(show: Callable[..., None]) -> Callable[..., None]:
    """This function with a UserError told in a sentence: for pages, and for parts that redraw."""

    @wraps(show)
    def show_or_tell(*arguments: Any) -> None:
        try:
            show(*arguments)
        except UserError as problem:
            error(problem)
        except OSError as problem:
            error(f"Something that belongs here can't be read now: {problem.strerror}. Try again.")

    return show_or_tell


def warning(problem: object, prose: str = "") -> None:
    """Say what is not as it should be, and then in Markdown of our own what that means."""
    st.warning(f"{plainly(problem)} {prose}".rstrip())
