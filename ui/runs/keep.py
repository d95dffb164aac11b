"""What can be done with one run: name it, note something, publish, download, delete."""

from collections.abc import Callable

import streamlit as st

from mnist_rnn.config import READING_HEADS
from mnist_rnn.errors import UserError
from mnist_rnn.figures.spreadsheets import metrics_csv
from mnist_rnn.runs import Run, housekeeping
from mnist_rnn.runs.access import may_change
from mnist_rnn.runs.labels import LONGEST_NAME, LONGEST_NOTE
from mnist_rnn.runs.ledger import RunRow
from mnist_rnn.runs.metrics import Metrics
from ui import notice
from ui.page import section
from ui.readers import see_mistakes, see_read
from ui.runs.download import download, offer_weights
from ui.settings import put
from ui.train.start import since_start
from ui.visitor import change, visitor

state = st.session_state


def show_keeping(row: RunRow) -> None:
    """The fields and buttons of one run."""
    run, label = row.run, row.label
    strange = not may_change(visitor(), row)
    # A field's key holds what is kept, so that it shows the new text when another visitor writes.
    name, note = f"name-{run.id}-{label.name}", f"note-{run.id}-{label.note}"
    st.text_input(
        "Name",
        label.name,
        max_chars=LONGEST_NAME,
        key=name,
        placeholder="None yet",
        disabled=strange,
        on_change=lambda: _change(run, lambda: housekeeping.rename(run, state[name])),
    )
    st.text_area(
        "Notes",
        label.note,
        max_chars=LONGEST_NOTE,
        key=note,
        height=76,
        placeholder="What did you see?",
        disabled=strange,
        on_change=lambda: _change(run, lambda: run.mark(note=state[note])),
    )
    if problem := state.pop("keeping_problem", None):
        notice.error(problem)
    ended = row.status.ended and row.has_reader
    published = f"published-{run.id}-{label.published}"
    st.toggle(
        section("runs", "publish"),
        label.published,
        key=published,
        help=section("runs", "publish help"),
        disabled=strange or not ended,
        on_change=lambda: _change(run, lambda: run.mark(published=state[published])),
    )
    with st.container(horizontal=True, gap="small"):
        _show_ways_on(row, ended)
        if not strange:
            _show_deleting(row)
    _show_downloads(row, ended)


def _change(run: Run, do: Callable[[], None]) -> None:
    """Change a run; the part of the page that is drawn next says what was wrong."""

    def tell(problem: UserError) -> None:
        state.keeping_problem = str(problem)

    change(run, do, tell)


def _show_ways_on(row: RunRow, ended: bool) -> None:
    run = row.run
    reads = row.config is not None and row.config.model.head in READING_HEADS
    if st.button("See it read", disabled=not (ended and reads)):
        see_read([run.id])
    if st.button("Mistakes", disabled=not (ended and reads)):
        see_mistakes(run.id)
    if st.button("Its settings", disabled=row.config is None or row.imported) and row.config:
        state.run = state[since_start("run")] = run.id
        put(row.config)
        st.switch_page("pages/train.py", query_params={"run": run.id})


def _show_downloads(row: RunRow, ended: bool) -> None:
    if not ended:
        st.caption(section("runs", "not yet"))
    with st.container(horizontal=True, gap="small"):
        if ended:
            offer_weights(row)
        head = row.config.model.head if row.config else ""
        download(
            lambda: metrics_csv({head: Metrics(row.run.metrics).refresh()}),
            f"{row.id}.csv",
            key="download-csv",
        )


def _show_deleting(row: RunRow) -> None:
    reason = housekeeping.why_not_deleted(row)
    with st.popover("Delete", disabled=bool(reason), help=notice.plainly(reason) or None):
        st.markdown(section("runs", "delete"))
        st.button(
            "Delete for good",
            type="primary",
            key=f"delete-{row.id}",
            on_click=lambda: _change(row.run, lambda: housekeeping.delete(row.run)),
        )
