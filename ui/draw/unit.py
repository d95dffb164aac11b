"""Inside one unit: what it weighs, whom it hears, what it votes for, what excites it."""

import numpy as np
import streamlit as st

from mnist_rnn.analysis.memories import stops
from mnist_rnn.analysis.sentences import moment_name
from mnist_rnn.analysis.units import listens_to, recipe, strongest_voter, writing_weights
from mnist_rnn.config import ROWS
from mnist_rnn.figures.draw.tiles import Tiles
from mnist_rnn.figures.draw.unit import unit_figure
from mnist_rnn.figures.draw.unit_sum import Portrait
from mnist_rnn.figures.layout import signed
from mnist_rnn.figures.panels import Reading
from mnist_rnn.network.cells import cell_of, reach
from mnist_rnn.network.reader import Reader
from ui.draw.scene import Scene
from ui.page import chart, section
from ui.row import choose_row
from ui.stored import EXAMPLES, extremes_of, shared_test_digits

STRONGEST = 0
HEARD = 3


def show(scene: Scene) -> None:
    """One unit of one of the readers, after the row of the slider."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = _choose_reader(scene)
        reader, reading = scene.readers[chosen], scene.readings[chosen]
        unit = _choose_unit(scene, reader, reading, chosen)
        row = choose_row(instead_of_end=_most_changed(reading, unit))
    portrait = _portrait(reader, reading, unit, row)
    chart(
        unit_figure(portrait, scene.theme),
        "figure",
        f"{portrait.name} after {portrait.moment}: {portrait.values[portrait.timestep]:+.2f}",
    )
    note = "how to look" if reading.config.cell == "simple_rnn" else "how to look, gated"
    listed = section("unit", "listed").format(
        listed=len(portrait.heard), units=reading.config.units
    )
    st.caption(f"{section('unit', note)} {listed}")
    st.markdown(_its_vote(portrait, int(reading.trace.answers[portrait.timestep])))


def _its_vote(portrait: Portrait, answer: int) -> str:
    """What the unit says for the answer, for which some speak by a low value."""
    value, weight = float(portrait.values[portrait.timestep]), float(portrait.votes[answer])
    says = "vote" if value >= 0 or value * weight <= 0 else "vote by a low value"
    return section("unit", says).format(
        value=signed(value),
        weight=signed(weight),
        vote=signed(value * weight),
        answer=answer,
        other=int(portrait.votes.argmax()),
    )


def _most_changed(reading: Reading, unit: int) -> int:
    """The row, from 1, that changed the value of a unit most."""
    values = reading.trace.hidden[stops(reading.timesteps), unit]
    return int(np.abs(np.diff(values, prepend=0)).argmax()) + 1


def _choose_reader(scene: Scene) -> int:
    if len(scene.readers) == 1:
        return 0
    keys = [entry.key for entry in scene.entries]
    titles = {entry.key: entry.title for entry in scene.entries}
    key = st.selectbox(
        "Network", keys, format_func=titles.__getitem__, key="unit-reader", persist_state="session"
    )
    return keys.index(key)


def _choose_unit(scene: Scene, reader: Reader, reading: Reading, chosen: int) -> int:
    """A unit by its number, from 1, or the one that votes most; by the digits they vote for."""
    head = reader.tensors["head.kernel"]

    def name(number: int) -> str:
        if number == STRONGEST:
            return "strongest for the last answer"
        return f"unit {number}: high for {head[number - 1].argmax()}"

    number = st.selectbox(
        "Hidden unit",
        [STRONGEST, *(int(unit) + 1 for unit in reading.unit_order)],
        format_func=name,
        key=f"unit-{scene.entries[chosen].key}",
        persist_state="session",
    )
    if number == STRONGEST:
        return strongest_voter(reading.trace, head)
    return number - 1


def _portrait(reader: Reader, reading: Reading, unit: int, row: int) -> Portrait:
    trace, config, extremes = reading.trace, reading.config, extremes_of(reader)
    timestep = int(stops(reading.timesteps)[row - 1])
    weights = writing_weights(reader)
    heard = listens_to(weights["recurrent_kernel"][:, unit], HEARD)
    numbers, values = extremes.numbers[row - 1, unit], extremes.values[row - 1, unit]
    moment = moment_name(row, reading.timesteps)
    return Portrait(
        name=f"unit {unit + 1}",
        row=row,
        timestep=timestep,
        sequence=trace.sequence,
        of_pixels=config.backbone == "rnn",
        values=trace.hidden[:, unit],
        input_weights=weights["kernel"][:, unit],
        heard=tuple(str(other + 1) for other in heard),
        heard_weights=weights["recurrent_kernel"][heard, unit],
        heard_values=trace.hidden[:, heard],
        reach=reach(cell_of(config), trace.hidden),
        votes=reader.tensors["head.kernel"][unit],
        votes_trained=row == ROWS or config.head == "many_to_many",
        recipe=recipe(reader, trace, unit, timestep),
        gated=config.cell != "simple_rnn",
        most=_tiles(
            f"test digits that excite it most, {moment}",
            numbers[::-1][:EXAMPLES],
            values[::-1][:EXAMPLES],
        ),
        least=_tiles("and least", numbers[:EXAMPLES], values[:EXAMPLES]),
        rows_read=row if reading.timesteps == ROWS else ROWS,
    )


def _tiles(title: str, numbers: np.ndarray, values: np.ndarray) -> Tiles:
    return Tiles(title, shared_test_digits().images[numbers], [signed(value) for value in values])
