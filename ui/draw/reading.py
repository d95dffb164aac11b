"""The main view: the reading figure."""

import streamlit as st

from mnist_rnn.figures.reading import reading_figure
from ui.draw.scene import Scene
from ui.page import section
from ui.row import opening_row


def show(scene: Scene) -> None:
    """Sequence, hidden state and probabilities of every reader, with Play and a slider."""
    st.plotly_chart(
        reading_figure(scene.image, scene.readings, scene.theme, opening_row()),
        height="stretch",
        key="figure",
        config={"displayModeBar": False},
        alt=". ".join(f"{r.title} reads {r.trace.answers[-1]}" for r in scene.readings),
    )
    st.caption(section("draw", "how to look"))
