"""The Draw page: a digit on the left, and on the right how each reader reads it, row by row."""

from collections.abc import Callable

import streamlit as st

from mnist_rnn.digits.strokes import CANVAS_PIXELS
from mnist_rnn.network.catalog import OPENING, Entry
from ui.digit import choose_digit
from ui.draw import blame, journey, reading, unit, what_if, when
from ui.draw.scene import MOST_READERS, Scene, look
from ui.notice import plainly
from ui.page import run_page, section
from ui.readers import by_key, offered

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
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CANVAS_PIXELS + 4, key="digit-column"):
            image = choose_digit()
            entries = choose_readers()
            scene = None if image is None else look(image, entries)
            if scene:
                say_which_err(scene)
        with st.container(width="stretch", key="reading"):
            show_view = choose_view()
            if not scene:
                st.info(section("draw", "no picture"))
            elif scene.readings:
                show_view(scene)
            else:
                st.info(section("draw", "no reader"))


def choose_readers() -> list[Entry]:
    before = by_key(state.get("readers", ()))
    entries = offered((*before, *st.query_params.get_all("readers")))
    if "readers" in state and not entries.keys() >= set(state.readers):
        # A run that was chosen before has been renamed or deleted since.
        state.readers = [key for key in before if key in entries]
    chosen = st.multiselect(
        "Readers",
        entries,
        default=None if "readers" in state else [key for key in OPENING if key in entries],
        max_selections=MOST_READERS,
        key="readers",
        format_func=lambda key: entries[key].title,
        placeholder="One to three",
        persist_state="session",
        bind="query-params",
    )
    return [entries[key] for key in chosen]


def say_which_err(scene: Scene) -> None:
    """A line for each reader that is often wrong: a class should not wonder at its answers."""
    for entry, reader in zip(scene.entries, scene.readers, strict=True):
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
            key="view",
            label_visibility="collapsed",
            persist_state="session",
            bind="query-params",
        )
    ]


run_page(main)
