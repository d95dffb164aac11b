"""Widgets whose value is kept, and what the page's address says of it."""

import math
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException


def bound(key: str, *, number: bool = False) -> dict[str, Any]:
    """What keeps a widget's value for the session, and in the address under this key.

    Streamlit takes an empty parameter for "nothing chosen", even of a widget that requires a
    choice, and fails over an infinite `number`. Such a parameter is dropped: the widget opens as
    it does without one.
    """
    kept = {"key": key, "persist_state": "session"}
    given = st.query_params.get_all(key)
    if all(given) and (not number or all(map(_is_finite, given))):
        return kept | {"bind": "query-params"}
    # One that is bound already, as after a step back in the browser's history, may not be deleted
    # here: Streamlit drops it as the widget is no longer bound.
    with suppress(StreamlitAPIException):
        del st.query_params[key]
    return kept


def choose_one(label: str, options: Iterable[Any], **more: Any) -> Any:
    """One of a few options side by side, at first the first, kept for the session.

    The label is not shown; `more` is Streamlit's.
    """
    usual = {"default": next(iter(options)), "required": True, "persist_state": "session"}
    return st.segmented_control(label, options, **usual | {"label_visibility": "collapsed"} | more)


def say_in_address(key: str, value: str) -> None:
    """So that a link, or a reload, brings it back; nothing is said of what is empty."""
    if not value:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value


def _is_finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
