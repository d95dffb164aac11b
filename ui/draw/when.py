"""When does it know: the row at which each reader is sure enough, and what stopping there costs."""

import streamlit as st

from mnist_rnn.analysis.commitment import commit, committing
from mnist_rnn.config import CLASSES
from mnist_rnn.figures.draw.when import ReaderTiming, when_figure
from ui.address import bound, choose_one
from ui.draw.scene import Scene
from ui.page import chart, section
from ui.stored import evaluation_of

EVERY_DIGIT = "All"


def show(scene: Scene) -> None:
    """Accuracy against rows read, with this drawing's commitment at a chosen threshold."""
    with st.container(horizontal=True, gap="medium"):
        kept = bound("threshold", number=True)
        percent = st.slider(section("when", "threshold"), 50, 99, 90, format="%d%%", **kept)
        choice = choose_one(
            section("when", "digits"),
            [EVERY_DIGIT, *map(str, range(CLASSES))],
            label_visibility="visible",
            **bound("counted"),
        )
    threshold, digit = percent / 100, None if choice == EVERY_DIGIT else int(choice)
    readers = []
    for reader, reading in zip(scene.readers, scene.readings, strict=True):
        tested = evaluation_of(reader)
        tested = tested if digit is None else tested.of(digit)
        commitment = commit(reading.trace.probabilities, threshold)
        tradeoff = committing(tested, threshold)
        readers.append(ReaderTiming(reading, commitment, tested.by_timestep, tradeoff))
    counted = "test digits" if digit is None else f"test {digit}s"
    chart(
        when_figure(readers, threshold, counted, len(tested.labels), scene.theme),
        "figure",
        ". ".join(
            f"{timing.reading.title} commits to {timing.commitment.answer} after {timing.unit} "
            f"{timing.commitment.steps}, {timing.tradeoff.accuracy:.1%} of the {counted} right"
            for timing in readers
        ),
    )
    st.caption(section("when", "how to look"))
