"""The main view: the reading stage. It reads in the browser, at every movement of the pen."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import streamlit as st

from mnist_rnn import take_home
from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.files import stamp
from mnist_rnn.network.catalog import Entry
from mnist_rnn.network.reader import Reader
from mnist_rnn.stage import SWITCHES, digit_message, network_message
from ui.address import say_in_address
from ui.digit import DRAW, next_test_digit
from ui.draw.scene import Scene
from ui.page import section, whole
from ui.row import row_of_stage, stage_stopped_at
from ui.stage_files import component
from ui.stored import memories_of

_stage, _weights = component("stage"), component("weights")
state = st.session_state


def send_weights(readers: list[tuple[Entry, Reader]]) -> None:
    """Give the browser the networks: each once, whatever is drawn afterwards."""
    for entry, reader in readers:
        name = _name(entry)
        message = network_message(name, reader, memories_of(reader))
        _weights(key=f"weights-{name}", data=message)


def show(scene: Scene) -> None:
    """Image, hidden states and probabilities of every reader, row by row."""
    row, on = row_of_stage(), _switched_on()
    if state.get("stage_shows") != (row, on):
        state.stage_shows = (row, on)
        state.stage_turn = state.get("stage_turn", 0) + 1
    image = None if scene.digit.chosen else scene.image
    digit = digit_message(image, scene.digit.label, scene.digit.strokes, scene.digit.chosen)
    _stage(
        key="stage",
        data={
            "title": scene.words.title,
            "lede": scene.words.lede,
            "ways": scene.words.ways,
            "networks": [
                {"name": _name(entry), "key": entry.key, "title": entry.title}
                for entry in scene.entries
            ],
            **digit,
            "version": state.get("canvas_version", 0),
            "row": row,
            "turn": state.stage_turn,
            "on": list(on),
            "answered": _heard(),
        },
        on_post_change=lambda: _receive(scene),
    )
    with st.container(key="take-home"):
        st.download_button(
            "Take it home",
            lambda: _page(scene, digit, row, on),
            "reading.html",
            "text/html",
            icon=":material/download:",
            help=section("draw", "take it home"),
            type="tertiary",
            on_click="ignore",
        )


def _page(scene: Scene, digit: dict[str, Any], row: int, on: Sequence[str]) -> bytes:
    """All of it in one file, made when somebody wants it."""
    networks = [
        take_home.Network(entry.title, reader, memories_of(reader))
        for entry, reader in zip(scene.entries, scene.readers, strict=True)
    ]
    return take_home.page(networks, digit, row, on)


def _name(entry: Entry) -> str:
    """What browser and server call these weights: others of the same key are called otherwise."""
    of_file = repr((entry.key, stamp(entry.path)))
    return sha256(of_file.encode()).hexdigest()[:12]  # it is sent at every stroke


def _switched_on() -> tuple[str, ...]:
    """What of the stage is switched on, by the link at first."""
    named = state.get("stage_on", st.query_params.get("show", "").split())
    return tuple(name for name in SWITCHES if name in named)


@whole
def _receive(scene: Scene) -> None:
    """The stage tells the row where it stopped, what is switched on, and perhaps what it wants."""
    match state.stage.get("post"):
        case {
            "number": int(number),
            "turn": int(turn),
            "row": int(row),
            "on": [*on],
            "wish": wish,
        } if (
            # A view that is chosen next has its first answers sent with the stage's last message.
            number > _heard() and 0 <= row <= ROWS
        ):
            # One that was on its way when the page put the stage elsewhere does not take that back.
            if turn >= state.stage_turn:
                _stopped(row, on)
            _fulfil(wish, scene)
            # Last: what is begun again is heard again.
            state.stage_heard = number


def _stopped(row: int, on: Sequence[object]) -> None:
    state.stage_on = [name for name in SWITCHES if name in on]
    say_in_address("show", " ".join(state.stage_on))
    stage_stopped_at(row)
    state.stage_shows = (row, _switched_on())


def _fulfil(wish: object, scene: Scene) -> None:
    match wish:
        case int(digit) if 0 <= digit < CLASSES:
            next_test_digit(digit)
        case "pen" if state.begun:
            state.source = DRAW
        case "pen":
            scene.words.go_on("draw")  # On the first screen there is nothing to draw on yet.
        case "draw" | "lesson" | "all" | "on" as way:
            scene.words.go_on(way)


def _heard() -> int:
    """The number of the stage's last message, 0 before the first."""
    return state.get("stage_heard", 0)
