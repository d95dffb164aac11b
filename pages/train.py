"""The Train page: what starts a training; beside it a run, live while it is under way; settings."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from mnist_rnn import runs
from mnist_rnn.analysis.two_heads import Pair, find_pair, of_other_seeds
from mnist_rnn.errors import UserError
from mnist_rnn.figures.train.axes import blank_figure, over_epochs
from mnist_rnn.places_to_train import can_train
from mnist_rnn.runs import Run
from mnist_rnn.runs.access import find_to_watch, to_watch
from mnist_rnn.runs.ledger import RunRow, row_of, rows, why_incomplete
from ui import notice
from ui.address import choose_one, say_in_address
from ui.page import chart, current_theme, explained, heading, run_page, section, styled
from ui.readers import by_key
from ui.runs.marks import choose_marks
from ui.settings import chosen, put
from ui.stored import supervisor
from ui.train.curves import is_fresh
from ui.train.link import take_link
from ui.train.one_run import VIEWS, metrics_of, show_run
from ui.train.start import (
    BOTH,
    CURVES,
    choose_and_start,
    choose_settings,
    since_start,
    take_started,
)
from ui.train.two_heads import both_fresh, show_pair, under_way
from ui.visitor import visitor, watched

REDRAW_SECONDS, FRESH_REDRAW_SECONDS = 0.5, 0.2
MOST_RUNS_LISTED = 50
state = st.session_state


def main() -> None:
    styled("train")
    heading(section("train", "title"), "", explained("train"))
    take_started()
    arrive()
    top = st.container()
    if not can_train():
        top.info(section("train", "no training"), icon=":material/info:")
    with st.container(key="train"):
        # The style sheet says where each part stands.
        starting, shown, settings = (
            st.container(key=key, gap="xsmall") for key in ("start", "shown", "settings")
        )
    with starting:
        told = choose_and_start()
    with shown:
        notice.told(show_chosen_run)()
    with settings:
        choose_settings()
    # A worker takes seconds to import Keras, and to compile a network. It does so while somebody
    # still chooses; those who only draw never pay for it.
    try:
        supervisor(runs.runs_folder()).warm(None if told else chosen())
    except UserError as error:
        if str(error) != told:
            top.error(notice.plainly(error))


def arrive() -> None:
    """A link that names a run opens the page with that run's settings, or with its own."""
    if "run" not in state and "run" in st.query_params:
        with suppress(UserError):
            row = find_to_watch(visitor(), st.query_params["run"], runs.runs_folder())
            if row.config:
                put(row.config)
    take_link()


def show_chosen_run() -> None:
    everyone = rows()
    if problem := why_incomplete(everyone):
        notice.warning(problem)
    top = st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="run-and-view"
    )
    with top:
        row = choose_run(everyone)
    if row is None:
        show_empty()
        return
    st.query_params["run"] = row.id
    seen = watched(everyone)
    pair = find_pair(row, seen)
    with top:
        view = choose_view(pair)
    if pair and view == BOTH:
        others = of_other_seeds(pair, seen)
        live, fresh = under_way(pair), both_fresh(pair)
        redrawn(show_pair, live, fresh)(pair, others, live, fresh)
    else:
        live, fresh = row.is_live, is_fresh(row, metrics_of(row.run))
        redrawn(show_run, live, fresh)(row.run, live, fresh, view)


def redrawn(show: Callable[..., None], live: bool, fresh: bool) -> Callable[..., None]:
    """A part of the page that is shown again and again while it is live."""
    again = FRESH_REDRAW_SECONDS if fresh else REDRAW_SECONDS
    return st.fragment(notice.told(show), run_every=again if live else None)


def show_empty() -> None:
    """What to do, and where the curves will grow."""
    st.markdown(section("train", "empty" if can_train() else "no run"))
    with suppress(UserError):
        _, train = chosen()
        blank = over_epochs(blank_figure("Validation accuracy", current_theme()), train.epochs)
        chart(blank.update_yaxes(range=[0, 1.02], tickformat=".0%"), "pair-empty")


def choose_run(everyone: list[RunRow]) -> RunRow | None:
    """The run that the link names, else the newest; raises UserError if it is deleted meanwhile."""
    root = runs.runs_folder()
    trained = [row for row in to_watch(visitor(), everyone) if not row.imported]
    listed = [row.id for row in trained][:MOST_RUNS_LISTED]
    key = since_start("run")
    wanted = state.get(key) or state.get("run") or st.query_params.get("run")
    try:
        # One that was renamed while it was shown comes by its old title.
        named = [find_to_watch(visitor(), by_key([wanted])[0], root).id] if wanted else listed[:1]
    except UserError as error:
        notice.warning(error)
        named = listed[:1]
    if not named:
        return None
    state.run = state[key] = named[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.selectbox(
            "Run",
            listed if named[0] in listed else [*listed, *named],
            # Not where it stands: that changes while only the run's own part is redrawn.
            format_func=lambda run_id: row_of(Run(root / run_id)).title,
            key=key,
            label_visibility="collapsed",
            persist_state="session",
        )
        choose_marks(find_to_watch(visitor(), state.run, root))
    return find_to_watch(visitor(), state.run, root)


def choose_view(pair: Pair | None) -> str:
    """Which of `VIEWS` to show of the run, or both runs of its pair; the link remembers that."""
    views = [BOTH, *VIEWS] if pair else [*VIEWS]
    key = since_start("train-view")
    by_link = BOTH if "both" in st.query_params else CURVES
    wanted = state.get(key) or state.get("run_view") or by_link
    # A browser that builds it late reports where it starts.
    state[key] = opening = wanted if wanted in views else CURVES
    view: str = choose_one("View", views, default=opening, key=key, wrap=True)
    say_in_address("both", "1" if view == BOTH else "")
    return view


run_page(main)
