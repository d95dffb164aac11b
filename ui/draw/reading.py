"""The main view: the reading stage. It reads in the browser, at every movement of the pen."""

from base64 import b64encode
from typing import Any

import numpy as np
import streamlit as st

from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.digits.strokes import CANVAS_PIXELS, PEN_PIXELS, Stroke
from mnist_rnn.network.catalog import Entry
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import to_bytes
from ui.digit import next_test_digit
from ui.draw.scene import Scene
from ui.page import section
from ui.row import row_of_stage, stage_stopped_at
from ui.stage_files import ADDRESS
from ui.stored import changed_at, memories_of

SWITCHES = ("step", "peek", "every", "hide")
state = st.session_state


def _component(name: str) -> Any:
    """A component whose script is one of the functions of assets/stage/component.js."""
    script = f"""
const modules = import(new URL("{ADDRESS}/component.js", document.baseURI));
export default async (component) => (await modules).{name}(component);
"""
    return st.components.v2.component(f"reading_{name}", js=script, isolate_styles=False)


_stage, _weights = _component("stage"), _component("weights")


def send_weights(readers: list[tuple[Entry, Reader]]) -> None:
    """Give the browser the networks: each once, whatever is drawn afterwards."""
    for entry, reader in readers:
        name = _name(entry)
        tensors = {**reader.tensors, "memory.means": memories_of(reader)}
        _weights(key=f"weights-{name}", data=to_bytes(tensors, reader.card, name=name))


def show(scene: Scene) -> None:
    """Image, hidden states and probabilities of every reader, row by row."""
    row, on = row_of_stage(), _switched_on()
    if state.get("stage_shows") != (row, on):
        state.stage_shows = (row, on)
        state.stage_turn = state.get("stage_turn", 0) + 1
    digit = scene.digit
    _stage(
        key="stage",
        data={
            "title": section("draw", "title"),
            "lede": section("draw", "lede" if len(scene.entries) == 2 else "lede, other"),
            "networks": [
                {"name": _name(entry), "key": entry.key, "title": entry.title}
                for entry in scene.entries
            ],
            "strokes": [_packed(stroke) for stroke in digit.strokes],
            "version": state.get("canvas_version", 0),
            "canvas": {"pixels": CANVAS_PIXELS, "width": PEN_PIXELS},
            "image": None if digit.drawn else b64encode(digit.image.tobytes()).decode(),
            "label": digit.label,
            "row": row,
            "turn": state.stage_turn,
            "on": list(on),
        },
        on_rest_change=_rest,
        on_digit_change=_choose_digit,
    )


def _name(entry: Entry) -> str:
    """What browser and server call these weights: others of the same key are called otherwise."""
    return f"{entry.key}-{changed_at(entry.path)}"


def _packed(stroke: Stroke) -> tuple[float, str]:
    """Its width, and base64 of the steps from point to point in hundredths of a pixel.

    x and y by turns, each as in Protocol Buffers' sint32: most steps are short, and take a byte or
    two. All strokes are sent after each, so that their size counts.
    """
    steps = np.diff(np.rint(100 * stroke.points).astype(int), axis=0, prepend=0).ravel()
    packed = bytearray()
    for number in ((steps << 1) ^ (steps >> 63)).tolist():
        rest = number
        while rest > 127:
            packed.append(rest & 127 | 128)
            rest >>= 7
        packed.append(rest)
    return stroke.width, b64encode(packed).decode()


def _switched_on() -> tuple[str, ...]:
    """What of the stage is switched on, by the link at first."""
    named = state.get("stage_on", st.query_params.get("show", "").split())
    return tuple(name for name in SWITCHES if name in named)


def _rest() -> None:
    """The stage tells the row where it stopped and what is switched on."""
    match state.stage.get("rest"):
        case {"row": int(row), "on": [*on]} if 0 <= row <= ROWS:
            stage_stopped_at(row)
            state.stage_on = [name for name in SWITCHES if name in on]
            if state.stage_on:
                st.query_params["show"] = " ".join(state.stage_on)
            else:
                st.query_params.pop("show", None)
            state.stage_shows = (row, _switched_on())


def _choose_digit() -> None:
    match state.stage.get("digit"):
        case int(digit) if 0 <= digit < CLASSES:
            next_test_digit(digit)
