"""Blame: which rows the current answer rests on, and how far each memory reaches back."""

from dataclasses import replace

import streamlit as st

from mnist_rnn.analysis.blame import blame
from mnist_rnn.config import ROWS
from mnist_rnn.errors import UserError
from mnist_rnn.figures.draw.blame import blame_figure
from mnist_rnn.figures.panels import Reading
from mnist_rnn.figures.player import timestep_at
from mnist_rnn.network.catalog import shipped
from mnist_rnn.network.reader import Reader
from ui import notice
from ui.address import bound
from ui.draw.scene import MOST_READERS, Scene, read
from ui.page import chart, section
from ui.row import choose_row
from ui.stored import stored_reader

BY_MAP = "cnn_rnn-many_to_one-2016"


def show(scene: Scene) -> None:
    """The ink and the memory behind each reader's answer at the row of the slider."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        row = choose_row()
        readers, readings = _compared(scene)
        with st.popover("Method", icon=":material/function:"):
            st.markdown(section("blame", "method"))
    blames = [
        blame(reader, scene.image, timestep_at(row / ROWS, reader.config.timesteps) + 1)
        for reader in readers
    ]
    chart(
        blame_figure(scene.image, readings, blames, row, scene.theme),
        "figure",
        ". ".join(
            f"{reading.title}: the {found.answer} rests most on row {found.by_row.argmax() + 1}"
            for reading, found in zip(readings, blames, strict=True)
        ),
    )
    st.caption(section("blame", "how to look"))


def _compared(scene: Scene) -> tuple[list[Reader], list[Reading]]:
    """The chosen readers and, if there is room, one that goes map by map, whose memory vanishes."""
    chosen = scene.readers, scene.readings
    longest = max(reader.config.timesteps for reader in scene.readers)
    by_map = next((entry for entry in shipped() if entry.key == BY_MAP), None)
    if by_map is None or longest > ROWS or len(scene.readers) == MOST_READERS:
        return chosen
    if not st.toggle("Beside one that reads map by map", value=True, **bound("beside")):
        return chosen
    try:
        reader = stored_reader(by_map.path)
    except UserError as problem:
        notice.warning(problem)
        return chosen
    # A third of the page has no room for the whole title.
    briefly = replace(by_map, title=by_map.title.partition(", many")[0])
    return [*scene.readers, reader], [*scene.readings, read(scene.image, briefly, reader)]
