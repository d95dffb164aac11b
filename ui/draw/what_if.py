"""What if the digit or the memory were another? Change one and see both readings."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from mnist_rnn.analysis.what_if import TURNS, chimera, erase_rows, forget, shift, transplant
from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.figures.draw.what_if import Outcome, what_if_figure
from ui.address import bound, choose_one
from ui.draw.scene import Scene
from ui.draw.views import CHANGES
from ui.page import chart, section
from ui.stored import examples_of

SHIFTS = (-10, 10)  # pixels
# The third test image of each digit is one that the readers that ship read correctly.
DONOR_EXAMPLE = 3


def show(scene: Scene) -> None:
    """A row of controls, and below it the reading before and after the change."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        change = EDITS[choose_one("What changes?", EDITS, **bound("edit"))](scene)
    chart(
        what_if_figure(scene.image, scene.readings, change, scene.theme),
        "figure",
        ". ".join(
            f"{before.title} read {before.trace.answers[-1]} and now reads {after.answers[-1]}"
            for before, after in zip(scene.readings, change.traces, strict=True)
        ),
    )
    st.caption(section("what_if", "how to look"))


def _erase(scene: Scene) -> Outcome:
    first, last = st.slider("Rows without ink", 1, ROWS, (10, 14), **bound("erased", number=True))
    label = f"<b>rows {first} to {last}<br>erased</b>"
    return _read(scene, erase_rows(scene.image, first, last), label, top=first - 1, bottom=last)


def _shift(scene: Scene) -> Outcome:
    down = st.slider("Down, pixels", *SHIFTS, 0, **bound("down", number=True))
    right = st.slider("To the right, pixels", *SHIFTS, -4, **bound("right", number=True))
    label = f"<b>{abs(down)} {'up' if down < 0 else 'down'},<br>"
    label += f"{abs(right)} to the {'left' if right < 0 else 'right'}</b>"
    return _read(scene, shift(scene.image, down, right), label)


def _turn(scene: Scene) -> Outcome:
    more = {"help": section("what_if", "turns"), "label_visibility": "visible"}
    turn = choose_one("Turn or read it", TURNS, **more, **bound("turn"))
    return _read(scene, TURNS[turn](scene.image), f"<b>{turn}</b>")


def _forget(scene: Scene) -> Outcome:
    row = _row_of_change("forget")
    traces = [forget(reader, scene.image, row) for reader in scene.readers]
    label = f"<b>memory emptied<br>after row {row}</b>"
    # A reader that goes map by map has forgotten maps, not rows.
    in_rows = any(reading.timesteps == ROWS for reading in scene.readings)
    return Outcome(scene.image, traces, label, row, row, forgotten=row if in_rows else 0)


def _transplant(scene: Scene) -> Outcome:
    row = _row_of_change("transplant")
    digit = st.pills("Memory of a", range(CLASSES), default=2, required=True, **bound("donor"))
    donor = examples_of(digit)[DONOR_EXAMPLE - 1]
    traces = [transplant(reader, donor, scene.image, row) for reader in scene.readers]
    label = f"<b>memory of this {digit}</b>,<br>then the rest<br>of your digit"
    return Outcome(chimera(donor, scene.image, row), traces, label, row, row)


EDITS: dict[str, Callable[[Scene], Outcome]] = dict(
    zip(CHANGES, (_erase, _shift, _turn, _forget, _transplant), strict=True)
)


def _read(scene: Scene, image: np.ndarray, label: str, **where: int) -> Outcome:
    return Outcome(image, [reader.read(image) for reader in scene.readers], label, **where)


def _row_of_change(explained: str) -> int:
    """The row after which the memory is changed; something is left to read after it."""
    help = section("what_if", explained)
    return st.slider("After row", 1, ROWS - 1, 14, help=help, **bound("changed_row", number=True))
