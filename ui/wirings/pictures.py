"""What is seen of the wirings: all four as small pictures, and one of them at work."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from mnist_rnn.figures.wirings.overview import overview_figure
from mnist_rnn.figures.wirings.wiring import wiring_figure
from mnist_rnn.network.catalog import WIRINGS
from ui.page import ASSETS, chart, current_theme, section
from ui.wirings.networks import Task, Work
from ui.wirings.question import is_revealed, just_revealed

PLAY = ASSETS / "play.html"
PICTURE_HEIGHT_PIXELS = 150


def show_all(chosen: str, works: Mapping[str, Work | str], task: Task) -> None:
    """The four pictures side by side, by a click on which the wiring is chosen.

    What comes out of a wiring is in it once it may be seen.
    """
    with st.container(key="overview"):
        for column, (head, work) in zip(st.columns(len(works)), works.items(), strict=True):
            seen = isinstance(work, Work) and is_revealed(head)
            outputs = work.running.outputs if isinstance(work, Work) and seen else None
            inputs = (str(task.digit),) if head == "one_to_many" else task.image
            figure = overview_figure(head, inputs, outputs, current_theme(), chosen=head == chosen)
            with column:
                chart(
                    figure,
                    f"overview-{head}",
                    f"{WIRINGS[head].title}: boxes and arrows over time",
                    height=PICTURE_HEIGHT_PIXELS,
                    on_select=partial(st.session_state.update, wiring=head),
                )


def show_work(head: str, work: Work) -> None:
    """The diagram and the numbers of one wiring, which plays when it is first revealed."""
    revealed, first_time = is_revealed(head), just_revealed(head)
    last = work.running.stops[-1].sentence
    chart(
        wiring_figure(work.running, current_theme(), 0 if first_time else -1, revealed=revealed),
        "running",
        f"{WIRINGS[head].title}: {last.replace('<br>', ' ') if revealed else '?'}",
    )
    st.caption(section("wirings", f"how to look{' one_to_one' if head == 'one_to_one' else ''}"))
    if first_time:
        st.html(PLAY, unsafe_allow_javascript=True)
