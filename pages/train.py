"""The Train page: settings on the left; on the right a run, live while it is under way."""

from contextlib import suppress
from pathlib import Path

import streamlit as st

from mnist_rnn import runs
from mnist_rnn.analysis.two_heads import both_heads, find_pair
from mnist_rnn.errors import UserError
from mnist_rnn.runs import Run, queue
from mnist_rnn.runs.access import find_to_watch, may_watch, to_watch
from mnist_rnn.runs.ledger import RunRow, row_of, rows, why_incomplete
from mnist_rnn.where import can_train
from ui import notice
from ui.page import run_page, section
from ui.readers import by_key
from ui.settings import choose, choose_preset, chosen, follow
from ui.stored import supervisor
from ui.train.link import show_link, take_link
from ui.train.one_run import VIEWS, show_run
from ui.train.steer import choose_marks
from ui.train.teacher import open_the_desk
from ui.train.two_heads import BOTH, ONE, choose_view, show_pair, under_way
from ui.visitor import visitor

REDRAW_SECONDS = 0.5
MOST_RUNS_LISTED = 50
CONTROLS_WIDTH_PIXELS = 340
STYLESHEET = Path(__file__).parents[1] / "assets" / "train.css"
state = st.session_state


def main() -> None:
    st.html(STYLESHEET)
    arrive()
    top = st.container()
    if not can_train():
        top.info(section("train", "no training"), icon=":material/info:")
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CONTROLS_WIDTH_PIXELS, gap="xsmall", key="settings"):
            told = choose_training()
        with st.container(width="stretch", key="shown"):
            show_chosen_run()
    # A worker takes seconds to import Keras. It does so while the first visitor of this page
    # still chooses; those who only draw never pay for it.
    try:
        supervisor(runs.runs_folder()).warm()
    except UserError as error:
        if str(error) != told:
            top.error(notice.plainly(error))


def arrive() -> None:
    """A link that names a run opens the page with that run's settings, or with its own."""
    if "run" not in state and "run" in st.query_params:
        with suppress(UserError):
            follow(find_to_watch(visitor(), st.query_params["run"], runs.runs_folder()))
    take_link()


def choose_training() -> str | None:
    """The settings and what starts them; returns what it said that is wrong, if anything is."""
    choose_preset()
    choose(["backbone"])
    choose(["head"])
    choose(["cell"])
    choose(["order"])
    choose(["units", "epochs"])
    choose(["learning_rate", "batch_size"])
    choose(["train_images", "seed"])
    problem = state.pop("problem", None)
    st.button(
        "Start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=start,
        disabled=not can_train(),
        width="stretch",
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Run both heads",
            icon=":material/science:",
            help=section("experiment", "help"),
            on_click=start,
            args=[True],
            disabled=not can_train(),
            width="stretch",
        )
        try:
            show_link(*chosen())
        except UserError as error:
            problem = str(error)
    if problem:
        notice.error(problem)
    with st.expander("More"):
        for pair in (
            ["optimizer"],
            ["schedule", "clip_norm"],
            ["augmentation", "augmented_share"],
            ["timestep_weights"],
            ["non_digits", "calibration"],
            ["scaling"],
            ["filters", "activation"],
            ["recurrent_init"],
        ):
            choose(pair)
    open_the_desk()
    return problem


def start(both: bool = False) -> None:
    """Put a run with the chosen settings into the queue, or one for either head, and show it."""
    try:
        *_, run = queue.join(visitor(), both_heads(*chosen()) if both else [chosen()])
        state.run = run.id
        state.view = BOTH if both else ONE
    except UserError as error:
        state.problem = str(error)
    supervisor(runs.runs_folder()).look()


def show_chosen_run() -> None:
    everyone = rows()
    if problem := why_incomplete(everyone):
        notice.warning(problem)
    top = st.container(horizontal=True, vertical_alignment="center", key="run-and-view")
    with top:
        row = choose_run(everyone)
        if row is None:
            st.markdown(section("train", "empty" if can_train() else "no run"))
            return
    st.query_params["run"] = row.id
    now = visitor()
    pair = find_pair(row, [other for other in everyone if may_watch(now, other)])
    if pair and choose_view():
        live = under_way(pair)
        st.fragment(notice.told(show_pair), run_every=REDRAW_SECONDS if live else None)(pair, live)
        return
    with top:
        view = choose_curves()
    live = row.is_live
    again = REDRAW_SECONDS if live else None
    st.fragment(notice.told(show_run), run_every=again)(row.run, live, view)


def choose_run(everyone: list[RunRow]) -> RunRow | None:
    """The run that the link names, else the newest; None if there is none yet.

    Raises UserError if it is deleted meanwhile.
    """
    root = runs.runs_folder()
    trained = [row for row in to_watch(visitor(), everyone) if not row.imported]
    listed = [row.id for row in trained][:MOST_RUNS_LISTED]
    wanted = state.get("run") or st.query_params.get("run")
    try:
        # One that was renamed while it was shown comes by its old title.
        named = [find_to_watch(visitor(), by_key([wanted])[0], root).id] if wanted else listed[:1]
    except UserError as error:
        notice.warning(error)
        named = listed[:1]
    if not named:
        return None
    state.run = named[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.selectbox(
            "Run",
            listed if named[0] in listed else [*listed, *named],
            # Not where it stands: that changes while only the run's own part is redrawn.
            format_func=lambda run_id: row_of(Run(root / run_id)).title,
            key="run",
            label_visibility="collapsed",
            persist_state="session",
        )
        choose_marks(find_to_watch(visitor(), state.run, root))
    return find_to_watch(visitor(), state.run, root)


def choose_curves() -> str:
    """Which of `VIEWS` to show of the run."""
    view: str = st.segmented_control(
        "View",
        VIEWS,
        default="Curves",
        required=True,
        key="train-view",
        label_visibility="collapsed",
        persist_state="session",
        width="content",
        wrap=True,
    )
    return view


run_page(main)
