"""The Draw page: a digit on the left, and on the right how each network reads it, row by row."""

from collections.abc import Callable

import streamlit as st

from mnist_rnn.config import READING_HEADS
from mnist_rnn.network.catalog import OPENING, Entry
from mnist_rnn.network.reader import Reader
from ui.address import bound, choose_one
from ui.digit import DRAW, choose_digit
from ui.draw import blame, journey, reading, unit, what_if, when
from ui.draw.scene import MOST_READERS, Scene, Words, usable
from ui.draw.views import VIEWS
from ui.lesson.card import DRAW_PAGE, on, show_card
from ui.lesson.offer import offer_lessons, start_lesson
from ui.lesson.place import Place
from ui.notice import plainly, told, warning
from ui.page import current_theme, explained, heading, run_page, section, styled
from ui.readers import by_key, offered
from ui.row import open_view

# By their words in `content/`.
SHOW: dict[str, Callable[[Scene], None]] = {
    "draw": reading.show,
    "when": when.show,
    "unit": unit.show,
    "journey": journey.show,
    "what_if": what_if.show,
    "blame": blame.show,
}
OFTEN_RIGHT = 0.9  # of the test digits
state = st.session_state


def main() -> None:
    # Who comes by no link sees nothing but the question and the picture, until they want more.
    if not state.setdefault("begun", bool(st.query_params)):
        styled("first")
    # The style sheet says where each part stands.
    with st.container(key="draw"):
        place = show_card(DRAW_PAGE)
        with st.container(key="readers-column"):
            readers = usable(choose_readers())
            say_which_err(readers)
        with st.container(key="views", horizontal=True):
            view = choose_view()
            offer_lessons()
        weights = st.container(key="weights")
        read_digit(readers, view, place)
    # The canvas is there before a network's memories have been worked out.
    if view == "draw":
        with weights:
            reading.send_weights(readers)


@st.fragment
@told
def read_digit(readers: list[tuple[Entry, Reader]], view: str, place: Place | None) -> None:
    """All that has to run again at a stroke."""
    if state.pop("went_on", False):
        st.rerun()
    with st.container(key="digit-column"):
        digit = choose_digit()
    with st.container(key="reading"):
        networks = [reader for _, reader in readers]
        words = words_for(view, networks, place)
        if view != "draw":
            heading(words.title, words.lede, None if place else explained(view))
        if not digit:
            st.info(section("draw", "no picture"))
        elif not readers and not place:
            st.info(section("draw", "no reader"))
        else:
            entries = [entry for entry, _ in readers]
            SHOW[view](Scene(digit, entries, networks, current_theme(), words))


def words_for(view: str, readers: list[Reader], place: Place | None) -> Words:
    """What stands above the picture, and what the stage says of where one may go on from it."""
    if place:
        return Words(place.title, "", "lesson", go_on)
    title, lede = section(view, "title"), section(view, "lede")
    pair = sorted(reader.config.head for reader in readers) == sorted(READING_HEADS)
    if view == "draw" and not pair:
        lede = section(view, "lede, other")
    return Words(title, lede, "" if state.begun else "first", go_on)


def go_on(way: str) -> None:
    """Where somebody goes from the picture: one of the ways on, or "on" in a lesson."""
    state.begun = state.went_on = True
    if way == "on":
        on()
    elif way == "lesson":
        start_lesson()
    elif way == "draw":
        state.source = DRAW


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
        "Networks",
        entries,
        default=[key for key in OPENING if key in entries],
        max_selections=MOST_READERS,
        format_func=lambda key: entries[key].title,
        placeholder="One to three",
        help=explained("draw"),
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


def choose_view() -> str:
    """The words of the view to look at."""
    return VIEWS[choose_one("View", VIEWS, on_change=open_view, **bound("view"))]


run_page(main)
