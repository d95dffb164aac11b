"""The Draw page: a digit on the left, and on the right how each reader reads it, row by row."""

from pathlib import Path

import numpy as np
import streamlit as st

from mnist_rnn.analysis.units import order_by_vote
from mnist_rnn.catalog import Entry, shipped
from mnist_rnn.errors import UserError
from mnist_rnn.figures.reading import Reading, reading_figure
from mnist_rnn.reader import Reader
from mnist_rnn.trained import trained_readers
from ui.digit import CANVAS_PIXELS, choose_digit
from ui.prose import section

MOST_READERS = 3
state = st.session_state


def main() -> None:
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CANVAS_PIXELS + 4, key="digit-column"):
            image = choose_digit()
        with st.container(width="stretch", key="reading"):
            show_readings(image, choose_readers())


def choose_readers() -> list[Entry]:
    entries = {entry.key: entry for entry in (*shipped(), *trained_readers())}
    opening = list(entries)[:2]
    # A run that was chosen before may have been deleted since.
    state.readers = [key for key in state.get("readers", opening) if key in entries]
    chosen = st.multiselect(
        "Readers",
        entries,
        max_selections=MOST_READERS,
        key="readers",
        format_func=lambda key: entries[key].title,
        label_visibility="collapsed",
        placeholder="Choose one to three readers",
        persist_state="session",
    )
    return [entries[key] for key in chosen]


def show_readings(image: np.ndarray, entries: list[Entry]) -> None:
    readings = []
    for entry in entries:
        try:
            readings.append(read(image, entry))
        except UserError as problem:
            st.warning(str(problem))
    if not readings:
        st.info(section("draw", "no reader"))
        return
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.plotly_chart(
        reading_figure(image, readings, theme),
        height="stretch",
        key="figure",
        config={"displayModeBar": False},
        alt=". ".join(f"{r.title} reads {r.trace.answers[-1]}" for r in readings),
    )
    st.caption(section("draw", "how to look"))


def read(image: np.ndarray, entry: Entry) -> Reading:
    changed = entry.path.stat().st_mtime_ns if entry.path.exists() else 0
    reader = load_reader(entry.path, changed)
    order = order_by_vote(reader.tensors["head.kernel"])
    return Reading(entry.title, reader.config, reader.read(image), order)


@st.cache_resource(max_entries=64)
def load_reader(path: Path, changed: int) -> Reader:
    """The reader in a file; `changed`, the time of its last change, is part of the cache's key."""
    return Reader.load(path)


main()
