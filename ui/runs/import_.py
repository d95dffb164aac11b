"""Bringing in a network that was trained elsewhere."""

from pathlib import PurePath

import streamlit as st

from mnist_rnn.config import READING_HEADS
from mnist_rnn.differences import rules
from mnist_rnn.errors import UserError
from mnist_rnn.network.foreign import recognised
from mnist_rnn.runs.imports import import_network
from mnist_rnn.runs.labels import LONGEST_NAME, one_line
from ui import notice
from ui.page import section
from ui.settings import WORDS
from ui.visitor import visitor

state = st.session_state


def offer_import() -> None:
    """A button behind which a file can be given; the page says what became of the last one."""
    with st.container(horizontal=True, vertical_alignment="center", key="import"):
        if said := state.pop("imported", None):
            st.markdown(said)
        st.space("stretch")
        with st.popover("Import a network", icon=":material/upload_file:"):
            st.markdown(section("runs", "import"))
            try:
                _take_file()
            except UserError as problem:
                notice.error(problem)


def _take_file() -> None:
    version = state.setdefault("import_version", 0)
    file = st.file_uploader(
        "Weights, .safetensors", key=f"import-{version}", label_visibility="collapsed"
    )
    if file is None:
        return
    path = PurePath(one_line(file.name))
    foreign = recognised(file.getvalue(), path.name)
    said = {setting: _ask(setting, version) for setting in foreign.unsaid}
    name = st.text_input("Name", path.stem, max_chars=LONGEST_NAME, key=f"import-name-{version}")
    if st.button("Import", type="primary", disabled=not all(said.values())):
        known = {setting: choice for setting, choice in said.items() if choice}
        with st.spinner(section("runs", "measuring")):
            run = import_network(visitor(), foreign, name, **known)
        card = run.card()
        accuracy = (card and card.test_accuracy) or 0
        text = section("runs", "imported" if accuracy > 0.5 else "imported, bad")
        state.imported = text.format(name=notice.plainly(name), accuracy=accuracy)
        state.import_version, state.compared, state.kept = version + 1, [run.id], run.id
        st.rerun()


def _ask(setting: str, version: int) -> str | None:
    """What the file does not say of its network."""
    rule = rules()[setting]
    return st.segmented_control(
        rule.label,
        READING_HEADS if setting == "head" else rule.choices,
        format_func=lambda choice: WORDS.get(choice, choice),
        key=f"import-{setting}-{version}",
        help=rule.help,
    )
