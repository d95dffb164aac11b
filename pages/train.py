"""The Train page: settings on the left; on the right a run, live while it is under way."""

from contextlib import suppress
from pathlib import Path

import streamlit as st

from mnist_rnn import runs
from mnist_rnn.errors import UserError
from mnist_rnn.runs import Run
from mnist_rnn.trained import run_title
from ui.controls import choose, choose_preset, chosen, follow
from ui.live import is_live, show_run, supervisor
from ui.menu import run_page
from ui.prose import section

REDRAW_SECONDS = 0.5
MOST_RUNS_LISTED = 50
CONTROLS_WIDTH_PIXELS = 340
STYLE = Path(__file__).parents[1] / "assets" / "train.css"
state = st.session_state


def main() -> None:
    st.html(STYLE)
    arrive()
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CONTROLS_WIDTH_PIXELS, gap="xsmall", key="settings"):
            choose_training()
        with st.container(width="stretch", key="shown"):
            show_chosen_run()
    # A worker takes seconds to import Keras. It does so while the first visitor of this page
    # still chooses; those who only draw never pay for it.
    try:
        supervisor(runs.runs_folder()).warm()
    except UserError as error:
        st.error(str(error))


def arrive() -> None:
    """A link that names a run opens the page with that run's settings too."""
    if "run" not in state and "run" in st.query_params:
        with suppress(UserError):
            follow(runs.find(st.query_params["run"]))


def choose_training() -> None:
    choose_preset()
    choose(["backbone"])
    choose(["head"])
    choose(["cell"])
    choose(["order"])
    choose(["units", "epochs"])
    choose(["learning_rate", "batch_size"])
    choose(["train_images", "seed"])
    problem = state.pop("problem", None)
    try:
        chosen()
    except UserError as error:
        problem = str(error)
    st.button(
        "Start", type="primary", icon=":material/play_arrow:", on_click=start, width="stretch"
    )
    if problem:
        st.error(problem)
    with st.expander("More"):
        for pair in (
            ["optimizer"],
            ["schedule", "clip_norm"],
            ["augmentation"],
            ["non_digits", "calibration"],
            ["scaling"],
            ["filters", "activation"],
        ):
            choose(pair)


def start() -> None:
    """Put a run with the chosen settings into the queue and show it."""
    try:
        run = runs.create(*chosen())
    except UserError as error:
        state.problem = str(error)
        return
    supervisor(runs.runs_folder()).look()
    state.run = run.id


def show_chosen_run() -> None:
    run = choose_run()
    if run is None:
        st.markdown(section("train", "empty"))
        return
    st.query_params["run"] = run.id
    live = is_live(run, run.status())
    st.fragment(show_run, run_every=REDRAW_SECONDS if live else None)(run, live)


def choose_run() -> Run | None:
    """The run that the link names, else the newest; None if there is none yet.

    Raises UserError if it is deleted meanwhile.
    """
    root = runs.runs_folder()
    listed = [run.id for run in reversed(runs.list_runs(root))][:MOST_RUNS_LISTED]
    wanted = state.get("run") or st.query_params.get("run")
    try:
        named = [runs.find(wanted).id] if wanted else listed[:1]
    except UserError as error:
        st.warning(str(error))
        named = listed[:1]
    if not named:
        return None
    state.run = named[0]
    st.selectbox(
        "Run",
        listed if named[0] in listed else [*listed, *named],
        # Not where it stands: that changes while only the run's own part of the page is redrawn.
        format_func=lambda run_id: run_title(Run(root / run_id)),
        key="run",
        label_visibility="collapsed",
        persist_state="session",
    )
    return runs.find(state.run)


run_page(main)
