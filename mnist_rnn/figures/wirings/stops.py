"""A wiring at work: what goes through it, stop by stop, and the panels that show its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_rnn.analysis.sentences import percent
from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.figures.layout import plain
from mnist_rnn.figures.palette import Palette
from mnist_rnn.figures.panels import (
    Layer,
    Panel,
    Reading,
    hidden_panel,
    image_panel,
    large_answer,
    reading_panels,
)
from mnist_rnn.figures.wirings.diagram import Held
from mnist_rnn.figures.wirings.unrolled import DiagramBox, lit
from mnist_rnn.network.drawer import Drawing
from mnist_rnn.network.reader import Trace

STYLE_REACH = 2.5


@dataclass(frozen=True)
class Stop:
    """Where the figure can be stopped, from the first to the last.

    `lit` are the boxes at work. The panels from number `unseen` on, from 0, are veiled from `row`
    on. `answer` stands in large type, the `sentence` of two lines beside it.
    """

    name: str
    lit: Sequence[DiagramBox]
    row: int
    unseen: int
    answer: str
    sentence: str


@dataclass(frozen=True)
class Running:
    """One wiring with what goes in and comes out, and its panels: the first is what goes in."""

    head: str
    inputs: Held
    outputs: Held
    panels: Sequence[Panel]
    stops: Sequence[Stop]


@dataclass(frozen=True)
class Drawn:
    """What a network drew when it was asked for a digit, and how a reader reads that.

    `unit_order` (units,) is the order in which hidden units are drawn.
    """

    digit: int
    drawing: Drawing
    unit_order: np.ndarray
    judge: str
    read: Trace


def running_reading(image: np.ndarray, reading: Reading, palette: Palette) -> Running:
    """A wiring that reads an image (28, 28) uint8: all but one-to-many."""
    head = reading.config.head
    panels = [image_panel(image, palette), *reading_panels(reading, palette)]
    answers = tuple(str(answer) for answer in reading.trace.answers)
    if head == "one_to_one":
        return Running(head, image, answers, panels, _at_once(reading))
    outputs = answers if head == "many_to_many" else answers[-1:]
    return Running(head, image, outputs, panels, _row_by_row(reading))


def running_drawing(drawn: Drawn, palette: Palette) -> Running:
    """The wiring that draws: one-to-many."""
    drawing = drawn.drawing
    hover = "timestep %{customdata}, number %{x}: %{z:.2f}<extra></extra>"
    limits = (-STYLE_REACH, STYLE_REACH)
    code = Layer(drawing.sequence, palette.signed, limits, hover)
    styles = drawing.sequence.shape[1] - CLASSES
    panels = [
        Panel(f"what goes in ({CLASSES} + {styles})", (code,), width=24),
        hidden_panel(drawing.hidden[:, drawn.unit_order], 1, palette),
        image_panel(drawing.image, palette, "the drawing"),
    ]
    return Running("one_to_many", (str(drawn.digit),), drawing.image, panels, _drawing(drawn))


def _at_once(reading: Reading) -> list[Stop]:
    """There is one timestep. It goes through three layers, and the figure stops at each."""
    likeliest = reading.trace.probabilities[-1]
    second = int(np.argsort(-likeliest)[1])
    share = f"at {likeliest[second]:.1%}" if likeliest[second] >= 0.001 else "below 0.1%"
    told = (
        ("one timestep:", "all 784 pixels go in at once"),
        (f"{reading.config.units} numbers from them,", "no memory of anything before"),
        ("ten probabilities come out;", f"{second} is second, {share}"),
    )
    steps = lit("one_to_one", 1)
    return [
        Stop(box.layer, [box], ROWS if last else 0, number, answer, "<br>".join(halves))
        for number, (box, halves) in enumerate(zip(steps, told, strict=True), start=1)
        for last in [number == len(steps)]
        for answer in [large_answer(likeliest) if last else ""]
    ]


def _row_by_row(reading: Reading) -> list[Stop]:
    told = reading.sentences(most=1)
    return [
        Stop(
            name=str(row),
            lit=lit(reading.config.head, row),
            row=row,
            unseen=0,
            answer=large_answer(reading.trace.probabilities[row - 1])
            if asked
            else waiting("not asked yet"),
            sentence=";<br>".join(halves),
        )
        for row, (halves, asked) in enumerate(zip(told, reading.trained, strict=True), start=1)
    ]


def _drawing(drawn: Drawn) -> list[Stop]:
    likeliest = drawn.read.probabilities[-1]
    share = percent(likeliest.max())
    told = {
        1: "class and style go in, once,<br>and the first row comes out",
        ROWS: f"{plain(drawn.judge)} reads<br>the drawing: a {likeliest.argmax()}, {share} sure",
    }
    return [
        Stop(
            name=str(row),
            lit=lit("one_to_many", row),
            row=row,
            unseen=0,
            answer=f"read as <b>{likeliest.argmax()}</b>" if row == ROWS else waiting("drawing …"),
            sentence=told.get(row, f"row {row} is drawn from memory alone:<br>zeros go in"),
        )
        for row in range(1, ROWS + 1)
    ]


def waiting(words: str) -> str:
    """In the place of an answer, smaller, while there is none."""
    return f"<span style='font-size:20px'>{words}</span>"
