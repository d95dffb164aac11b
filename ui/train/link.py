"""The settings of the Train page as a link, and a link as the settings of the page."""

from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.differences import as_table, departures
from mnist_rnn.errors import UserError
from mnist_rnn.settings import settings
from ui.page import section

state = st.session_state


def take_link() -> None:
    """Set the widgets to what the page's own address asks for, once; then the address drops it."""
    try:
        asked = from_query(st.query_params.to_dict())
    except UserError as error:
        state.problem = str(error)
    else:
        if asked is not None:
            model, train = asked
            state.update(model.to_dict() | train.to_dict())
    forget(st.query_params)


def show_link(model: ModelConfig, train: TrainConfig) -> None:
    """A button that opens the link of these settings, ready to be copied."""
    address = urlsplit(st.context.url or "/train")
    link = address._replace(query=query(model, train), fragment="").geturl()
    with st.popover("Link", icon=":material/link:", width="stretch"):
        st.caption(section("train", "link"))
        st.code(link, language=None, wrap_lines=True)


def query(model: ModelConfig, train: TrainConfig) -> str:
    """The settings that are not the default ones, as in "units=3&epochs=10"; may be empty."""
    return urlencode(departures((model, train)))


def from_query(given: Mapping[str, str]) -> tuple[ModelConfig, TrainConfig] | None:
    """The settings in a link's parameters, the rest by default; None if it names none.

    Parameters that are no settings are left to others. Raises UserError for a bad value.
    """
    model, train = _named(ModelConfig, given), _named(TrainConfig, given)
    if not model and not train:
        return None
    return ModelConfig.from_dict(model), TrainConfig.from_dict(train)


def forget(given: MutableMapping[str, str]) -> None:
    """Take every setting out of a link's parameters; the rest stays."""
    for name in as_table((ModelConfig(), TrainConfig())):
        given.pop(name, None)


def _named(
    table: type[ModelConfig] | type[TrainConfig], given: Mapping[str, str]
) -> dict[str, Any]:
    kinds = {name: kind for name, (kind, _) in settings(table).items()}
    return {name: _number(kinds[name], text) for name, text in given.items() if name in kinds}


def _number(kind: type, text: str) -> Any:
    """The text as the kind of its setting; left as it is if it is none, for the table to refuse."""
    with suppress(ValueError):
        return kind(text)
    return text
