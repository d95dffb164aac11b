"""The experiment of 2016 on the Train page: both heads on one chart, and the verdict in numbers."""

import streamlit as st

from mnist_rnn.analysis.sentences import unit_of
from mnist_rnn.analysis.two_heads import Pair, Verdict, verdict
from mnist_rnn.figures.train.curves import both_rows_figure, epochs_figure
from mnist_rnn.runs import Run
from mnist_rnn.runs.access import find_to_watch
from mnist_rnn.runs.ledger import RunRow, row_of
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import QUEUED, TESTING
from ui import notice
from ui.page import chart, current_theme, section
from ui.visitor import visitor

ONE, BOTH = "This run", "Both heads"
COLOURS = {"many_to_one": "orange", "many_to_many": "blue"}
state = st.session_state


def choose_view() -> bool:
    """Whether to show both runs of a pair; the link remembers it."""
    if "view" not in state:
        state.view = BOTH if "both" in st.query_params else ONE
    st.segmented_control(
        "View",
        [ONE, BOTH],
        key="view",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    both: bool = state.view == BOTH
    if both:
        st.query_params["both"] = "1"
    else:
        st.query_params.pop("both", None)
    return both


def under_way(pair: Pair) -> bool:
    """Whether there may be more to see soon."""
    return any(not row_of(run).status.ended for run in pair.runs.values())


def show_pair(pair: Pair, live: bool) -> None:
    """Both runs; `live` says that this is redrawn until both have ended.

    Raises UserError if one of them was hidden from this visitor meanwhile, or can't be read.
    """
    rows = {
        head: find_to_watch(visitor(), run.id, run.folder.parent) for head, run in pair.runs.items()
    }
    if live and all(row.status.ended for row in rows.values()):
        st.rerun()
    metrics = {head: _metrics(row.run) for head, row in rows.items()}
    planned = [row.control.epochs or row.config[1].epochs for row in rows.values() if row.config]
    if len(planned) < len(rows):
        notice.error("The configuration of one of these runs is damaged.")
        return
    with st.container():
        for (head, row), epochs in zip(rows.items(), planned, strict=True):
            _show_progress(head, row, metrics[head], epochs)
        _show_verdict(list(rows.values()), metrics, live)
    measured = {head: known for head, known in metrics.items() if known.epochs}
    if not measured:
        return
    theme = current_theme()
    last = max(planned) if live else max(len(known.epochs) for known in measured.values())
    curves = {head: known.curves() for head, known in measured.items()}
    rows = {
        head: known.epochs[-1].validation_accuracy_by_timestep for head, known in measured.items()
    }
    left, right = st.columns(2)
    for place, figure, name in (
        (left, epochs_figure(curves, last, theme), "epochs"),
        (right, both_rows_figure(rows, theme), "rows"),
    ):
        with place:
            chart(figure, f"pair-{name}")
    st.caption(f"{section('experiment', 'what to see')} (10,000 validation images, latest epoch)")


def _metrics(run: Run) -> Metrics:
    known: dict[str, Metrics] = state.setdefault("pair_metrics", {})
    return known.setdefault(run.id, Metrics(run.metrics)).refresh()


def _show_progress(head: str, row: RunRow, metrics: Metrics, epochs: int) -> None:
    status = row.status
    if status.ended:
        if status.message:
            st.info(f"{_name(head)}: {notice.plainly(status.message)}")
        return
    progress = metrics.progress(epochs)
    text = f"epoch {progress.epoch} of {epochs}, {status.state}"
    if status.state == QUEUED:
        text = "paused" if row.rests else "waiting for its turn"
    elif status.state == TESTING:
        text = "testing"
    st.progress(progress.fraction, f"{_name(head)}: {text}")


def _show_verdict(rows: list[RunRow], metrics: dict[str, Metrics], live: bool) -> None:
    """The tested readers side by side, or while they are under way the latest epochs."""
    if not live:
        cards = [row.card for row in rows]
        tested = [card.accuracy_by_timestep for card in cards if card and card.accuracy_by_timestep]
        if len(tested) < len(cards):
            st.warning(section("experiment", "untested"))
            return
        found = verdict(*tested)
        _show_claim(found)
        _show_table(found, "test")
        once, always = (len(known.epochs) for known in metrics.values())
        if once != always:
            st.caption(section("experiment", "unequal").format(once=once, always=always))
    elif all(known.epochs for known in metrics.values()):
        latest = [k.epochs[-1].validation_accuracy_by_timestep for k in metrics.values()]
        _show_table(verdict(*latest), "validation")


def _show_claim(found: Verdict) -> None:
    numbers = {
        "once": found.many_to_one[-1],
        "always": found.many_to_many[-1],
        "points": abs(found.points[-1]),
        "margin": found.margin,
    }
    middle = {
        "moment": _moment(found, 1),
        "once": found.many_to_one[1],
        "always": found.many_to_many[1],
    }
    with st.container(key="claim"):
        st.markdown(
            f"{section('experiment', found.claim).format(**numbers)} "
            f"{section('experiment', 'before').format(**middle)}"
        )


def _show_table(found: Verdict, images: str) -> None:
    moments = [_moment(found, place) for place in range(len(found.timesteps))]
    lines = [
        [f"right, of 10,000 {images} images", *moments],
        ["---", *["--:"] * len(moments)],
        [_name("many_to_one"), *[f"{fraction:.1%}" for fraction in found.many_to_one]],
        [_name("many_to_many"), *[f"{fraction:.1%}" for fraction in found.many_to_many]],
        ["many-to-one is ahead by", *[f"**{points:+.1f}** points" for points in found.points]],
    ]
    with st.container(key="verdict"):
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _moment(found: Verdict, place: int) -> str:
    return f"{unit_of(found.timesteps[-1])} {found.timesteps[place]}"


def _name(head: str) -> str:
    return f":{COLOURS[head]}[**{head.replace('_', '-')}**]"
