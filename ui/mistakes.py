"""One place in the confusion matrix: which it is, and the images that are counted there."""

import numpy as np
import streamlit as st

from mnist_rnn.analysis.sentences import percent
from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.evaluation.accuracy import (
    ConfusionCell,
    Evaluation,
    example_number,
    most_frequent,
    worst_first,
)
from mnist_rnn.figures.mistakes import MOST_IMAGES, contact_sheet_figure
from mnist_rnn.network.catalog import Entry
from ui.digit import TEST_DIGIT
from ui.page import chart, current_theme, section
from ui.stored import shared_test_digits

MOST_OFTEN = 4
KEYS = ("true_digit", "read_as")
state = st.session_state


def choose_confusion(counts: np.ndarray) -> ConfusionCell:
    """What was chosen or what the link names, at first the most frequent mistake."""
    often = most_frequent(counts, MOST_OFTEN)
    first = often[0] if often else ConfusionCell(0, 0)
    take_confusion(ConfusionCell(*map(_digit, KEYS, first)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for key, label in zip(KEYS, ("True digit", "Read as"), strict=True):
            st.selectbox(label, range(CLASSES), key=key, width=90, persist_state="session")
        for place, mistake in enumerate(often):
            st.button(
                f"{mistake.digit} as {mistake.answer}: {counts[mistake]}",
                key=f"often-{place}",
                on_click=take_confusion,
                args=[mistake],
            )
    chosen = ConfusionCell(*(state[key] for key in KEYS))
    st.query_params.update(zip(KEYS, map(str, chosen), strict=True))
    return chosen


def take_confusion(chosen: ConfusionCell) -> None:
    """Show the images of this count from now on."""
    state.update(zip(KEYS, chosen, strict=True))


def _digit(key: str, default: int) -> int:
    named = str(state.get(key, st.query_params.get(key, default)))
    return int(named) if named in map(str, range(CLASSES)) else default


def show_confusion(
    entry: Entry, tested: Evaluation, chosen: ConfusionCell, timestep: int, row: int
) -> None:
    """The images counted there, worst first; one that is chosen is read on the Draw page."""
    numbers = worst_first(tested, chosen, timestep)
    shown = numbers[:MOST_IMAGES]
    if "opened_image" in state:
        # Somebody else's run may have got better since the sheet was drawn.
        place = min(state.pop("opened_image"), len(shown) - 1)
        if place >= 0:
            _read_on_the_draw_page(entry, int(shown[place]), row)
    found, of = len(numbers), int((tested.labels == chosen.digit).sum())
    kind = "wrong" if chosen.digit != chosen.answer else "right"
    order = section("mistakes", kind if found else "none")
    st.markdown(
        f"**{found:,}** of {of:,} test {chosen.digit}s read as **{chosen.answer}**. {order}"
    )
    if not len(shown):
        return
    captions = [percent(tested.confidences[number, timestep]) for number in shown]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        place = st.selectbox(
            "Image",
            range(len(shown)),
            format_func=lambda place: f"{place + 1}: {captions[place]} sure",
            key=f"image-{chosen.digit}-{chosen.answer}",
            width=160,
        )
        st.button("See it read", icon=":material/visibility:", on_click=_open, args=[place])
        st.caption(section("mistakes", "click"))
    plain = tested.answers.shape[1] == ROWS
    images = shared_test_digits().images[shown]
    chart(
        contact_sheet_figure(images, captions, row if plain else ROWS, current_theme()),
        "sheet",
        f"{len(shown)} images, the first read as {chosen.answer} at {captions[0]}",
        on_select=_open_clicked,
    )


def _open_clicked() -> None:
    for place in state.sheet.selection.point_indices[:1]:
        _open(place)


def _open(place: int) -> None:
    # Pages are not switched in a callback: there is none to leave yet.
    state.opened_image = place


def _read_on_the_draw_page(entry: Entry, number: int, row: int) -> None:
    labels = shared_test_digits().labels
    example = example_number(labels, number)
    digit = {"source": TEST_DIGIT, "digit": labels[number], "row": row, "example": example}
    for name in digit:
        # What was chosen there before would come first.
        state.pop(name, None)
    state.readers = [entry.key]
    st.switch_page(
        "pages/draw.py", query_params={name: str(value) for name, value in digit.items()}
    )
