"""The Draw page: a digit on the left, and on the right how each reader reads it, row by row."""

from collections.abc import Callable

import streamlit as st

from mnist_rnn.network.catalog import OPENING, Entry
from mnist_rnn.network.reader import Reader
from ui.bound import bound
from ui.digit import choose_digit
from ui.draw import blame, journey, reading, unit, what_if, when
from ui.draw.scene import MOST_READERS, Scene, usable
from ui.notice import plainly, told, warning
from ui.page import current_theme, run_page, section
from ui.readers import by_key, offered
from ui.row import open_view

VIEWS = {
    "Row by row": reading.show,
    "When does it know?": when.show,
    "Inside one unit": unit.show,
    "Journey": journey.show,
    "What if?": what_if.show,
    "Blame": blame.show,
}
OFTEN_RIGHT = 0.9  # of the test digits
state = st.session_state


def main() -> None:
    # The style sheet says where each part stands.
    with st.container(key="draw"):
        with st.container(key="readers-column"):
            readers = usable(choose_readers())
            say_which_err(readers)
        with st.container(key="views"):
            show_view = choose_view()
        weights = st.container(key="weights")
        read_digit(readers, show_view)
    # The canvas is there before a network's memories have been worked out.
    if show_view is reading.show:
        with weights:
            reading.send_weights(readers)


@st.fragment
@told
def read_digit(readers: list[tuple[Entry, Reader]], show_view: Callable[[Scene], None]) -> None:
    """All that has to run again at a stroke."""
    with st.container(key="digit-column"):
        digit = choose_digit()
    with st.container(key="reading"):
        if not readers:
            st.info(section("draw", "no reader"))
            return
        entries, networks = (list(part) for part in zip(*readers, strict=True))
        show_view(Scene(digit, entries, networks, current_theme()))


def choose_readers() -> list[Entry]:
    before = by_key(state.get("readers", ()))
    named = [name for name in st.query_params.get_all("readers") if name]
    entries = offered((*before, *named))
    # Of such a name Streamlit says nothing, and takes it out of the address.
    known = {entry.title for entry in entries.values()} | entries.keys()
    if not known.issuperset(by_key(named)):
        warning(section("draw", "no such reader"))
    if "readers" in state and not entries.keys() >= set(state.readers):
        # A run that was chosen before has been renamed or deleted since.
        state.readers = [key for key in before if key in entries]
    chosen = st.multiselect(
        "Readers",
        entries,
        default=[key for key in OPENING if key in entries],
        max_selections=MOST_READERS,
        format_func=lambda key: entries[key].title,
        placeholder="One to three",
        **bound("readers"),
    )
    return [entries[key] for key in chosen]


def say_which_err(readers: list[tuple[Entry, Reader]]) -> None:
    """A line for each reader that is often wrong: a class should not wonder at its answers."""
    for entry, reader in readers:
        accuracy = reader.card.test_accuracy
        if accuracy is not None and accuracy < OFTEN_RIGHT:
            words = section("draw", "often wrong").format(accuracy=accuracy)
            st.caption(f"{plainly(entry.title)} {words}")


def choose_view() -> Callable[[Scene], None]:
    return VIEWS[
        st.segmented_control(
            "View",
            VIEWS,
            default="Row by row",
            required=True,
            on_change=open_view,
            label_visibility="collapsed",
            **bound("view"),
        )
    ]


run_page(main)
