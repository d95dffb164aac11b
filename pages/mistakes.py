"""The Mistakes page: which digits a reader takes for which, and the images of one mistake."""

import numpy as np
import streamlit as st

from mnist_rnn.analysis.memories import stops
from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.evaluation.accuracy import ConfusionCell, Evaluation, confusion, most_frequent
from mnist_rnn.figures.mistakes import confusion_figure
from mnist_rnn.network.catalog import Entry
from mnist_rnn.network.reader import Reader
from mnist_rnn.runs import NO_SUCH_RUN, Run, runs_folder
from mnist_rnn.runs.ledger import row_of
from ui.mistakes import MOST_OFTEN, choose_confusion, show_confusion, take_confusion
from ui.page import chart, current_theme, explained, heading, run_page, section, styled
from ui.readers import by_key, offered
from ui.row import named_row
from ui.stored import evaluation_of, stored_reader

state = st.session_state


def main() -> None:
    styled("mistakes")
    heading(section("mistakes", "title"), section("mistakes", "lede"), explained("mistakes"))
    left, right = st.columns(2, gap="medium")
    with left:
        entry = choose_reader()
    with right:
        row = choose_row()
    reader = stored_reader(entry.path)
    tested = evaluation_of(reader)
    timestep = int(stops(reader.config.timesteps)[row - 1])
    counts = confusion(tested, timestep)
    left, right = st.columns(2, gap="medium")
    with right, st.container(gap="small", key="images-side"):
        chosen = choose_confusion(counts)
        show_confusion(entry, tested, chosen, timestep, row)
    with left, st.container(gap="small", key="matrix-side"):
        say_how_good_it_is(entry, reader, tested, timestep)
        show_matrix(counts, chosen)
        st.caption(section("mistakes", "how to look"))


def choose_reader() -> Entry:
    """The reader that was chosen or that the link names, at first the first on offer."""
    named = by_key(filter(None, [state.get("reader") or st.query_params.get("reader")]))
    entries = offered(named)
    state.reader = next((key for key in named if key in entries), next(iter(entries)))
    if named and state.reader not in named:
        st.warning(NO_SUCH_RUN)
    key = st.selectbox(
        "Network",
        entries,
        format_func=lambda key: entries[key].title,
        key="reader",
        persist_state="session",
    )
    # Not bound to the widget: Streamlit lets nobody leave a page for another while one is.
    st.query_params["reader"] = key
    return entries[key]


def choose_row() -> int:
    state.after_row = named_row("after_row")
    row: int = st.slider("After row", 1, ROWS, key="after_row", persist_state="session")
    st.query_params["after_row"] = str(row)
    return row


def say_how_good_it_is(entry: Entry, reader: Reader, tested: Evaluation, timestep: int) -> None:
    wrong = round((1 - tested.by_timestep[timestep]) * len(tested.labels))
    said = [f"**{wrong:,}** of {len(tested.labels):,} test digits wrong."]
    if timestep + 1 < reader.config.timesteps and reader.config.head == "many_to_one":
        said.append(section("mistakes", "untrained"))
    row = row_of(Run(runs_folder() / entry.key))
    if not (row.status.ended or row.problem):
        said.append(section("mistakes", "so far").format(epoch=reader.card.epochs_done))
    st.markdown(" ".join(said))


def show_matrix(counts: np.ndarray, chosen: ConfusionCell) -> None:
    said = ", ".join(
        f"{counts[often]} times {often.digit} was read as {often.answer}"
        for often in most_frequent(counts, MOST_OFTEN)
    )
    chart(
        confusion_figure(counts, chosen, current_theme()),
        "matrix",
        said or section("mistakes", "no mistakes"),
        on_select=take_clicked,
    )


def take_clicked() -> None:
    for place in state.matrix.selection.point_indices[:1]:
        take_confusion(ConfusionCell(*divmod(place, CLASSES)))


run_page(main)
