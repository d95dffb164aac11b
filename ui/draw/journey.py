"""The journey: this drawing's memory on a map of many memories."""

import numpy as np
import streamlit as st

from mnist_rnn.analysis.memories import Neighbours, class_centres, nearest, stops
from mnist_rnn.analysis.sentences import moment_name
from mnist_rnn.config import ROWS
from mnist_rnn.figures.draw.journey import journey_figure
from mnist_rnn.figures.draw.memory_map import Journey
from mnist_rnn.figures.draw.tiles import Tiles
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.panels import Reading
from ui.draw.scene import Scene
from ui.page import chart, section
from ui.row import choose_row
from ui.stored import Atlas, atlas_of

MOST_NEIGHBOURS = {1: 14, 2: 7, 3: 5}


def show(scene: Scene) -> None:
    """A map for each reader, and below it the test digits that its memory takes this one for."""
    row = choose_row()
    count = MOST_NEIGHBOURS[len(scene.readings)]
    journeys = [
        _journey(scene, reading, atlas_of(reader), row, count)
        for reader, reading in zip(scene.readers, scene.readings, strict=True)
    ]
    chart(
        journey_figure(journeys, row, scene.theme),
        "figure",
        ". ".join(
            f"{journey.title} is nearest to: {' '.join(journey.neighbours.captions)}"
            for journey in journeys
        ),
    )
    st.caption(section("journey", "how to look").format(count=len(journeys[0].labels)))


def _journey(scene: Scene, reading: Reading, atlas: Atlas, row: int, count: int) -> Journey:
    hidden = reading.trace.hidden[stops(reading.timesteps)]
    before = np.zeros((1, reading.config.units), np.float32)
    digits = atlas.crowd.digits
    itself = (digits.images == scene.image).all((1, 2))
    near = nearest(hidden[row - 1], atlas.crowd.states[:, row - 1], count, itself)
    return Journey(
        title=reading.title,
        colour=PALETTES[scene.theme].heads[reading.config.head],
        path=atlas.plane.project(np.concatenate([before, hidden])),
        crowd=atlas.places,
        labels=digits.labels,
        centres=class_centres(atlas.places[row - 1], digits.labels),
        answer=int(reading.trace.answers[stops(reading.timesteps)[row - 1]]),
        trained=row == ROWS or reading.config.head == "many_to_many",
        explained=float(atlas.plane.explained.sum()),
        neighbours=Tiles(
            _title(near, moment_name(row, reading.timesteps), len(digits)),
            digits.images[near.numbers],
            [str(d) for d in digits.labels[near.numbers]],
        ),
        # Who goes through the feature maps has seen the whole digit from the first map on.
        rows_read=row if reading.timesteps == ROWS else ROWS,
    )


def _title(near: Neighbours, moment: str, size: int) -> str:
    if near.same > len(near.numbers):
        return f"after {moment}, {near.same:,} of {size:,} digits left the same memory, such as"
    return f"most alike in memory after {moment}"
