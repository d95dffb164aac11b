"""The words of the field that the pages use, each explained once."""

import streamlit as st

from ui.page import heading, run_page, section


def main() -> None:
    heading(section("glossary", "title"), section("glossary", "lede"))
    with st.container(key="glossary"):
        st.markdown(section("glossary", "words"))


run_page(main)
