"""A network unrolled over time: the boxes of its diagram, its arrows, and what is lit when.

Twenty-eight boxes beside each other are too many to read. The timesteps come in seven packs of
four, and each box stands for the four timesteps of one pack; without recurrence there is one
timestep, and one pack of it.
"""

from typing import Literal, NamedTuple

from mnist_rnn.config import ROWS

Layer = Literal["input", "hidden", "output"]
LAYERS: tuple[Layer, ...] = ("input", "hidden", "output")
PACKS = 7
STEPS = ROWS // PACKS
# Many-to-many with a delay, which no network here has: so many packs go in before any answer.
LATER, ENCODED = "many_to_many_later", 4


class DiagramBox(NamedTuple):
    """What one layer holds during the timesteps of one pack, from 0."""

    layer: Layer
    pack: int


Arrow = tuple[DiagramBox, DiagramBox]


def packs(head: str) -> int:
    """How many packs the timesteps of a network with this head come in."""
    return 1 if head == "one_to_one" else PACKS


def pack_of(step: int) -> int:
    """The pack, from 0, that a timestep from 1 to 28 is in."""
    return (step - 1) // STEPS


def rows_of(pack: int) -> str:
    """The first and the last row of a pack, as they are written below it."""
    return f"{STEPS * pack + 1}–{STEPS * (pack + 1)}"


def boxes(head: str) -> list[DiagramBox]:
    """The boxes of the diagram: inputs, hidden states and outputs, each from left to right.

    "One" to "many" is one input, at the first timestep, and "many" to "one" is one output, at the
    last. With a delay, outputs begin after the last input.
    """
    return [box for layer in LAYERS for box in boxes_of(layer, head)]


def boxes_of(layer: Layer, head: str) -> list[DiagramBox]:
    """The boxes of one layer, from left to right."""
    there = range(packs(head))
    if layer == "input" and head == LATER:
        there = there[:ENCODED]
    elif layer == "output" and head == LATER:
        there = there[ENCODED:]
    elif layer == "input" and head.startswith("one"):
        there = there[:1]
    elif layer == "output" and head.endswith("one"):
        there = there[-1:]
    return [DiagramBox(layer, pack) for pack in there]


def arrows(head: str) -> list[Arrow]:
    """The arrows of the diagram: up through each pack, and from each hidden state to the next."""
    there = boxes(head)
    possible = [
        arrow
        for pack in range(packs(head))
        for arrow in (
            (DiagramBox("input", pack), DiagramBox("hidden", pack)),
            (DiagramBox("hidden", pack), DiagramBox("output", pack)),
            (DiagramBox("hidden", pack), DiagramBox("hidden", pack + 1)),
        )
    ]
    return [(start, end) for start, end in possible if start in there and end in there]


def lit(head: str, step: int) -> list[DiagramBox]:
    """The boxes at work at a timestep, from 1: an only input or output is so at one of them."""
    inputs, outputs = head.split("_to_")
    pack, last = (0, 1) if packs(head) == 1 else (pack_of(step), ROWS)
    working = {
        "input": inputs == "many" or step == 1,
        "hidden": True,
        "output": outputs == "many" or step == last,
    }
    return [DiagramBox(layer, pack) for layer in LAYERS if working[layer]]
