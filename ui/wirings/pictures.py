"""What is seen of the wirings: all four as small pictures, and one of them at work."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import streamlit as st

from mnist_rnn.figures.palette import ThemeName
from mnist_rnn.figures.wirings.overview import overview_figure
from mnist_rnn.figures.wirings.wiring import wiring_figure
from mnist_rnn.network.catalog import WIRINGS
from ui.page import chart, section
from ui.wirings.networks import Task, Work
from ui.wirings.question import is_revealed, just_revealed

PLAY = Path(__file__).parents[2] / "assets" / "play.html"
PICTURE_HEIGHT_PIXELS = 150


def show_all(
    chosen: str,
    works: Mapping[str, Work | str],
    task: Task,
    theme: ThemeName,
    choose: Callable[[str], None],
) -> None:
    """The four pictures side by side; what comes out of a wiring is in it once it may be seen.

    A click on one is to `choose` its head.
    """
    with st.container(key="overview"):
        for column, (head, work) in zip(st.columns(len(works)), works.items(), strict=True):
            seen = isinstance(work, Work) and is_revealed(head)
            outputs = work.running.outputs if isinstance(work, Work) and seen else None
            inputs = task.inputs(head)
            with column:
                chart(
                    overview_figure(head, inputs, outputs, theme, chosen=head == chosen),
                    f"overview-{head}",
                    f"{WIRINGS[head].title}: boxes and arrows over time",
                    height=PICTURE_HEIGHT_PIXELS,
                    on_select=partial(choose, head),
                )


def show_work(head: str, work: Work, theme: ThemeName) -> None:
    """The diagram and the numbers of one wiring, which plays when it is first revealed."""
    revealed, first_time = is_revealed(head), just_revealed(head)
    last = work.running.stops[-1].sentence
    chart(
        wiring_figure(work.running, theme, 0 if first_time else -1, revealed=revealed),
        "running",
        f"{WIRINGS[head].title}: {last.replace('<br>', ' ') if revealed else '?'}",
    )
    st.caption(section("wirings", f"how to look{' one_to_one' if head == 'one_to_one' else ''}"))
    if first_time:
        st.html(PLAY.read_text(encoding="utf-8"), unsafe_allow_javascript=True)
