"""The Runs page: a table of all trainings; the ticked ones on one chart; one of them to keep."""

import streamlit as st

from mnist_rnn.figures.runs import Compared, overlay_figure
from mnist_rnn.runs.ledger import RunRow, curves_of, rows, why_incomplete
from ui import notice
from ui.page import chart, current_theme, explained, heading, run_page, section, styled
from ui.readers import by_key
from ui.runs.import_ import offer_import
from ui.runs.keep import show_keeping
from ui.runs.table import choose_runs
from ui.settings import in_common, names_apart
from ui.visitor import watched

REDRAW_SECONDS = 2.0
KEEPING_WIDTH_PIXELS = 330
state = st.session_state


def main() -> None:
    styled("runs")
    heading(section("runs", "title"), section("runs", "lede"), explained("runs"))
    everyone = rows()
    if problem := why_incomplete(everyone):
        notice.warning(problem)
    offer_import()
    seen = watched(reversed(everyone))
    if not seen:
        if not problem:
            st.markdown(section("runs", "empty"))
        return
    again = REDRAW_SECONDS if any(not row.status.ended for row in seen) else None
    st.fragment(notice.told(choose), run_every=again)({row.id for row in seen})
    with st.container(horizontal=True, gap="medium"):
        with st.container(width="stretch", key="compared"):
            st.fragment(notice.told(compare), run_every=again)()
        with st.container(width=KEEPING_WIDTH_PIXELS, gap="small", key="keeping"):
            keep({row.id: row for row in seen})


def choose(shown: set[str]) -> None:
    """The table, redrawn while a run is under way; the rest of the page follows its ticks.

    It also follows when one of the runs `shown`, by id, is no longer to be watched.
    """
    seen = watched(reversed(rows()))
    if state.pop("ticks_changed", False) or not shown <= {row.id for row in seen}:
        st.rerun()
    choose_runs(seen)


def compare() -> None:
    """The curves of the ticked runs on one chart, redrawn while a run is under way."""
    seen = {row.id: row for row in watched(rows())}
    ticked = [seen[run_id] for run_id in state.compared if run_id in seen]
    chosen = [row for row in ticked if not row.imported]
    runs = [
        Compared(name, row.config and row.config.model.head, curves_of(row.run))
        for name, row in zip(names_apart(chosen), chosen, strict=True)
    ]
    for row in chosen:
        if row.config is None:
            notice.warning(f"The configuration of run {row.id} is missing or damaged.")
    begun = [run for run in runs if len(run.curves.epoch)]
    if not begun:
        to_come = any(row.config and not row.status.ended for row in chosen)
        nothing = "no curve" if to_come else "no epoch"
        imported = "imported, no curve" if ticked else "choose"
        st.info(section("runs", nothing if runs else imported))
        return
    chart(
        overlay_figure(runs, current_theme()),
        "overlay",
        ". ".join(
            f"{run.name}: {run.curves.validation_accuracy[-1]:.1%} after epoch "
            f"{run.curves.epoch[-1]:.0f}"
            for run in begun
        ),
    )
    st.caption(section("runs", "how to look"))
    if len(runs) > 1:
        st.text(f"{section('runs', 'in common')} {in_common(chosen)}")


def keep(seen: dict[str, RunRow]) -> None:
    """What can be done with one of the ticked runs."""
    ticked = [run_id for run_id in state.compared if run_id in seen]
    if not ticked:
        return
    # One that was just renamed comes by its old title.
    (kept,) = by_key([state.get("kept", ticked[0])])
    if state.get("kept") not in ticked:
        state.kept = kept if kept in ticked else ticked[0]
    st.selectbox(
        "Run",
        ticked,
        format_func=lambda run_id: seen[run_id].title,
        key="kept",
        label_visibility="collapsed",
    )
    show_keeping(seen[state.kept])


run_page(main)
