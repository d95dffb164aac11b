"""The experiment of 2016 on the Train page: both heads on one chart, and the verdict in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from mnist_rnn.analysis.two_heads import Pair, Verdict, both_heads, verdict
from mnist_rnn.figures.train.curves import accuracy_figure, both_rows_figure
from mnist_rnn.places_to_train import can_train
from mnist_rnn.runs import Run
from mnist_rnn.runs.access import find_to_watch, may_change
from mnist_rnn.runs.ledger import RunRow, curves_of, row_of
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import QUEUED, STARTING, STOPPED, TESTING
from ui import notice
from ui.page import chart, current_theme, section, whole
from ui.readers import see_read
from ui.settings import put
from ui.stored import supervisor
from ui.train.curves import below_the_charts, is_fresh
from ui.train.start import start
from ui.train.verdict import head_name, show_numbers, show_verdict
from ui.visitor import change, visitor

state = st.session_state


def under_way(pair: Pair) -> bool:
    """Whether there may be more to see soon."""
    return any(not row_of(run).status.ended for run in pair.runs.values())


def both_fresh(pair: Pair) -> bool:
    """Whether the first point of the first curve may come any moment now."""
    return all(is_fresh(row_of(run), _metrics(run)) for run in pair.runs.values())


def show_pair(pair: Pair, others: Mapping[int, Pair], live: bool, fresh: bool) -> None:
    """Both runs; `others` are other seeds'.

    `live`: this is redrawn until both have ended, and more often while both are `fresh`. Raises
    UserError if one of them was hidden from this visitor meanwhile, or can't be read.
    """
    rows = {
        head: find_to_watch(visitor(), run.id, run.folder.parent) for head, run in pair.runs.items()
    }
    # What was started stands elsewhere on the page, or why nothing was.
    if state.pop("once_more", False):
        st.rerun()
    if (live and all(row.status.ended for row in rows.values())) or fresh != both_fresh(pair):
        st.rerun()
    metrics = {head: _metrics(row.run) for head, row in rows.items()}
    # Those of pairs that were shown before are let go.
    state.pair_metrics = {row.id: metrics[head] for head, row in rows.items()}
    planned = [row.control.epochs or row.config.train.epochs for row in rows.values() if row.config]
    if len(planned) < len(rows):
        notice.error("The configuration of one of these runs is damaged.")
        return
    tested = _tested(pair)
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, gap="medium"):
            for (head, row), epochs in zip(rows.items(), planned, strict=True):
                _show_progress(head, row, metrics[head], epochs)
            _offer_to_stop(rows)
        seeds = [found for found in map(_tested, others.values()) if found]
        show_verdict(metrics, planned, tested, seeds, live)
        if not live:
            _show_ways_on(rows, others)
    reached = [known.chunks[-1].epoch for known in metrics.values() if known.chunks]
    if live or reached:
        _show_charts(metrics, max(planned if live else reached), others)
    if all(known.epochs for known in metrics.values()):
        latest = [k.epochs[-1].validation_accuracy_by_timestep for k in metrics.values()]
        show_numbers(tested or verdict(*latest), "test" if tested else "validation")


def _metrics(run: Run) -> Metrics:
    known: dict[str, Metrics] = state.setdefault("pair_metrics", {})
    return known.setdefault(run.id, Metrics(run.metrics)).refresh()


def _tested(pair: Pair) -> Verdict | None:
    """Both tested readers side by side; None while one of them is not there."""
    cards = [row_of(run).card for run in pair.runs.values()]
    accuracies = [card.accuracy_by_timestep for card in cards if card and card.accuracy_by_timestep]
    return verdict(*accuracies) if len(accuracies) == len(cards) else None


def _show_progress(head: str, row: RunRow, metrics: Metrics, epochs: int) -> None:
    status = row.status
    if status.ended:
        if status.message:
            st.info(f"{head_name(head)}: {notice.plainly(status.message)}")
        return
    progress = metrics.progress(epochs)
    text = f"epoch {progress.epoch} of {epochs}"
    if status.state == QUEUED:
        text = "paused" if row.rests else "waiting for its turn"
    elif status.state == TESTING:
        text = "testing"
    elif not progress.fraction:
        text = section("train", "process" if status.state == STARTING else "compiling")
    st.progress(progress.fraction, f"{head_name(head)}: {text}")


def _offer_to_stop(rows: Mapping[str, RunRow]) -> None:
    """One button for both: who wants to pause or steer one of them looks at its curves."""
    going = [row for row in rows.values() if not row.status.ended]
    if going and all(may_change(visitor(), row) for row in going):
        st.button("Stop both", icon=":material/stop:", on_click=_stop, args=[going])


@whole
def _stop(rows: Sequence[RunRow]) -> None:
    for row in rows:
        change(row.run, partial(row.run.steer, state=STOPPED, pause_after=None))
        supervisor(row.run.folder.parent).look()


def _show_ways_on(rows: Mapping[str, RunRow], others: Mapping[int, Pair]) -> None:
    with st.container(horizontal=True, gap="small", key="ways"):
        if all(row.has_reader for row in rows.values()) and st.button(
            "See both read", type="primary", icon=":material/visibility:"
        ):
            see_read([row.id for row in rows.values()])
        row = rows["many_to_one"]
        st.button(
            "Once more with another seed",
            icon=":material/casino:",
            on_click=_once_more,
            args=[row, others],
            disabled=not can_train(),
        )


@whole
def _once_more(row: RunRow, others: Mapping[int, Pair]) -> None:
    """Both heads with the first seed that was not tried yet; the page's settings follow."""
    state.once_more = True
    if row.config is None:
        return
    train = row.config.train
    seed = next(n for n in range(len(others) + 2) if n != train.seed and n not in others)
    wanted = row.config._replace(train=replace(train, seed=seed))
    put(wanted)
    start(both_heads(*wanted))


def _show_charts(metrics: Mapping[str, Metrics], last: int, others: Mapping[int, Pair]) -> None:
    """Accuracy over the epochs, which end with the `last`, and after each row."""
    theme = current_theme()
    left, right = st.columns(2)
    axis = below_the_charts(last, "both-heads", metrics)
    curves = {head: known.curves() for head, known in metrics.items()}
    behind = [{head: curves_of(run) for head, run in pair.runs.items()} for pair in others.values()]
    rows = {
        head: known.epochs[-1].validation_accuracy_by_timestep
        for head, known in metrics.items()
        if known.epochs
    }
    with left:
        figure = accuracy_figure(curves, axis, theme, behind)
        chart(figure, "pair-epochs", picture="both-heads-accuracy")
    with right:
        chart(both_rows_figure(rows, theme), "pair-rows", picture="both-heads-rows")
    faint = f" {section('experiment', 'faint')}" if behind else ""
    st.caption(f"{section('experiment', 'what to see')}{faint}")
