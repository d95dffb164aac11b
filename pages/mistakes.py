"""The Mistakes page: what a reader takes for what, and the images in which it does."""

from typing import Any

import streamlit as st

from mnist_rnn.analysis.accuracy import Evaluation
from mnist_rnn.analysis.crowd import stops
from mnist_rnn.analysis.mistakes import cell, confusion, number_in_class, worst
from mnist_rnn.catalog import Entry
from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.figures.confusion import confusion_figure
from mnist_rnn.figures.sheet import ACROSS, DOWN, sheet_figure
from ui.digit import TEST_DIGIT
from ui.menu import run_page
from ui.prose import section
from ui.readers import by_key, offered
from ui.row import choose_row
from ui.scene import current_theme, shared_test_digits, stored_reader
from ui.tested import tested

CHART: dict[str, Any] = {"config": {"displayModeBar": False}, "selection_mode": "points"}
state = st.session_state


def main() -> None:
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        entry = choose_reader()
        row = choose_row()
    reader = stored_reader(entry)
    timestep = int(stops(reader.config.timesteps)[row - 1])
    answered = tested(entry, reader)
    table = confusion(answered, timestep)
    take_clicked_cell()
    with st.container(horizontal=True, gap="medium"):
        with st.container(width="stretch", key="matrix-column"):
            after = "all rows" if row == ROWS else f"row {row}"
            right = table.trace() / table.sum()
            st.markdown(section("mistakes", "matrix").format(right=right, after=after))
            matrix = st.empty()
            st.caption(section("mistakes", "how to look"))
        with st.container(width="stretch", key="sheet-column"):
            chosen = choose_cell(worst(table))
            show_images(entry, answered, chosen, timestep)
    matrix.plotly_chart(
        confusion_figure(table, chosen, current_theme()),
        height="stretch",
        key="matrix",
        on_select="rerun",
        alt=f"{right:.1%} right. The commonest mistake: {' read as '.join(map(str, worst(table)))}",
        **CHART,
    )


def choose_reader() -> Entry:
    """The reader that the link names, else the first on offer."""
    wanted = by_key([*state.get("examined", "").split(), *st.query_params.get_all("examined")])
    entries = offered(wanted)
    if state.get("examined") not in entries:
        state.pop("examined", None)
    key = st.selectbox(
        "Reader",
        entries,
        format_func=lambda key: entries[key].title,
        key="examined",
        persist_state="session",
        bind="query-params",
    )
    return entries[key]


def take_clicked_cell() -> None:
    """A cell that has been clicked is chosen as if by the two fields."""
    points = state.get("matrix", {}).get("selection", {}).get("points", [])
    clicked = tuple(points[0]["customdata"]) if points else None
    if clicked and clicked != state.get("clicked_cell"):
        state.true, state.answer = clicked
    state.clicked_cell = clicked


def choose_cell(opening: tuple[int, int]) -> tuple[int, int]:
    """The true class and the answer to look at, at first those of the commonest mistake."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        return choose_class("It was", "true", opening[0]), choose_class(
            "read as", "answer", opening[1]
        )


def choose_class(label: str, key: str, opening: int) -> int:
    chosen: int = st.selectbox(
        label,
        range(CLASSES),
        index=opening,
        key=key,
        persist_state="session",
        bind="query-params",
    )
    return chosen


def show_images(entry: Entry, answered: Evaluation, chosen: tuple[int, int], timestep: int) -> None:
    """The images of a cell, the most telling first; a click opens one on the Draw page."""
    places = cell(answered, *chosen, timestep)
    if not len(places):
        st.info(section("mistakes", "none"))
        return
    shown = places[: ACROSS * DOWN]
    digits = shared_test_digits()
    sheet = st.plotly_chart(
        sheet_figure(
            digits.images[shown],
            [f"{answered.confidences[place, timestep]:.0%}" for place in shown],
            shown.tolist(),
            current_theme(),
        ),
        height="stretch",
        # Another key for other images, or the click on the last ones would be taken for one here.
        key=f"sheet-{entry.key}-{chosen}-{timestep}",
        on_select="rerun",
        **CHART,
    )
    order = "right" if chosen[0] == chosen[1] else "wrong"
    st.caption(section("mistakes", order).format(shown=len(shown), count=len(places)))
    if points := sheet["selection"]["points"]:
        read_on_the_draw_page(entry, points[0]["customdata"])
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        number = st.number_input("Image", 1, len(shown), key="image-number")
        if st.button("See it read", icon=":material/visibility:"):
            read_on_the_draw_page(entry, int(shown[number - 1]))


def read_on_the_draw_page(entry: Entry, place: int) -> None:
    labels = shared_test_digits().labels
    state.readers = [entry.key]
    state.source = TEST_DIGIT
    state.digit = int(labels[place])
    state.example = number_in_class(labels, place)
    st.switch_page("pages/draw.py")


run_page(main)
