"""The settings of the Train page as a link, and a link as the settings of the page."""

from urllib.parse import urlsplit

import streamlit as st

from mnist_rnn import links
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from ui.prose import section

state = st.session_state


def take_link() -> None:
    """Set the widgets to what the page's own address asks for, once; then the address drops it."""
    try:
        asked = links.from_query(st.query_params.to_dict())
    except UserError as error:
        state.problem = str(error)
    else:
        if asked is not None:
            model, train = asked
            state.update(model.to_dict() | train.to_dict())
    links.forget(st.query_params)


def show_link(model: ModelConfig, train: TrainConfig) -> None:
    """A button that opens the link of these settings, ready to be copied."""
    address = urlsplit(st.context.url or "/train")
    link = address._replace(query=links.query(model, train), fragment="").geturl()
    with st.popover("Link", icon=":material/link:", width="stretch"):
        st.caption(section("train", "link"))
        st.code(link, language=None, wrap_lines=True)
