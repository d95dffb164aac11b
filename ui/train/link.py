"""The settings of the Train page as a link, and a link as the settings of the page."""

from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from mnist_rnn.config import Config, ModelConfig, TrainConfig
from mnist_rnn.differences import as_table, departures
from mnist_rnn.errors import UserError
from mnist_rnn.settings import settings
from ui.page import section
from ui.settings import chosen, from_table, put

OF_A_RUN = ("run", "both")
state = st.session_state


def take_link() -> None:
    """Set the widgets to what the page's own address asks for, once; then the address drops it."""
    try:
        asked = from_query(st.query_params.to_dict())
    except UserError as error:
        state.problem = str(error)
    else:
        if asked is not None:
            put(asked)
    forget(st.query_params)


def show_link() -> None:
    """A button that opens two links, ready to be copied: to the run shown, and to the settings."""
    address = urlsplit(st.context.url or "/train")
    shown = {name: st.query_params[name] for name in OF_A_RUN if name in st.query_params}
    with st.popover("Link", icon=":material/link:", width="stretch"):
        with suppress(UserError):
            st.caption(section("train", "link"))
            link = address._replace(query=query(chosen()), fragment="").geturl()
            st.code(link, language=None, wrap_lines=True)
        if "run" in shown:
            st.caption(section("train", "link to a run"))
            link = address._replace(query=urlencode(shown), fragment="").geturl()
            st.code(link, language=None, wrap_lines=True)


def query(config: Config) -> str:
    """The settings that are not the default ones, as in "units=3&epochs=10"; may be empty."""
    return urlencode(departures(config))


def from_query(given: Mapping[str, str]) -> Config | None:
    """The settings in a link's parameters, the rest by default; None if it names none.

    Parameters that are no settings are left to others. Raises UserError for a bad value.
    """
    known = settings(ModelConfig) | settings(TrainConfig)
    named = {name: _number(known[name][0], text) for name, text in given.items() if name in known}
    return from_table(named) if named else None


def forget(given: MutableMapping[str, str]) -> None:
    """Take every setting out of a link's parameters; the rest stays."""
    for name in as_table(Config()):
        given.pop(name, None)


def _number(kind: type, text: str) -> Any:
    """The text as the kind of its setting; left as it is if it is none, for the table to refuse."""
    with suppress(ValueError):
        return kind(text)
    return text
