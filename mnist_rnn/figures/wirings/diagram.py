"""The boxes and arrows of a network unrolled over time, with what is in them.

Time runs to the right. Inputs stand at the bottom, hidden states above them, outputs on top.
"""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import COLUMNS
from mnist_rnn.figures.layout import CLEAR, Note, image_map, note, side_by_side
from mnist_rnn.figures.palette import Palette
from mnist_rnn.figures.wirings.unrolled import (
    LAYERS,
    PACKS,
    STEPS,
    Arrow,
    DiagramBox,
    arrows,
    boxes,
    boxes_of,
    packs,
)

# A pack is one unit wide, of which its box takes this much: 28 pixels and a gap of twelve.
WIDTH, HEIGHT = 0.7, 0.54
GAP_PIXELS = 12
# An only timestep has room for a whole image.
LARGE_WIDTH, LARGE_HEIGHT = 0.9, 0.68
MIDDLE = (PACKS - 1) / 2
NOT_KNOWN = "?"

# What goes through a layer: an image (28, 28) uint8, or one text for each of its timesteps.
Held = np.ndarray | tuple[str, ...]


@dataclass(frozen=True)
class Diagram:
    """The wiring of a head, what goes in and, once it may be seen, what comes out.

    It is drawn on x<axis> and y<axis> with text in boxes of `size` pixels.
    """

    head: str
    inputs: Held
    outputs: Held | None
    axis: int
    size: int
    colour: str

    @property
    def on_axes(self) -> dict[str, str]:
        return {"xref": f"x{self.axis}", "yref": f"y{self.axis}"}

    def held(self, layer: str) -> Held | None:
        """What goes through a layer, None if that is not known."""
        return {"input": self.inputs, "output": self.outputs}.get(layer)


def corners(box: DiagramBox, head: str) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a box; an only timestep stands in the middle, large."""
    across, up = centre(box, head)
    width, height = (LARGE_WIDTH, LARGE_HEIGHT) if packs(head) == 1 else (WIDTH, HEIGHT)
    return across - width / 2, up - height / 2, across + width / 2, up + height / 2


def centre(box: DiagramBox, head: str) -> tuple[float, float]:
    """Where a box stands: across, and from 0 for inputs upwards."""
    return (MIDDLE if packs(head) == 1 else float(box.pack)), float(LAYERS.index(box.layer))


def slices(image: np.ndarray, count: int) -> np.ndarray:
    """An image (28, 28) cut into slices of rows, side by side with nan between them."""
    parts = image.astype(np.float32).reshape(count, -1, COLUMNS)
    return side_by_side(parts, GAP_PIXELS, np.nan)


def draw_held_images(figure: go.Figure, diagram: Diagram, palette: Palette) -> None:
    """Fill the boxes of those layers that an image goes through with its rows."""
    for layer in LAYERS:
        image = diagram.held(layer)
        if not isinstance(image, np.ndarray):
            continue
        rows = slices(image, packs(diagram.head))
        left, bottom, right, top = corners(DiagramBox(layer, 0), diagram.head)
        across, up = (right - left) / COLUMNS, (top - bottom) / len(rows)
        place = {"x0": left + across / 2, "dx": across, "y0": bottom + up / 2, "dy": up}
        axes = {"xaxis": f"x{diagram.axis}", "yaxis": f"y{diagram.axis}"}
        # The first row of each slice is its highest.
        figure.add_heatmap(**image_map(rows[::-1], palette, **place, **axes))


def box_shapes(diagram: Diagram, palette: Palette) -> list[Note]:
    """The boxes, with a second outline behind each that stands for several timesteps."""
    shapes: list[Note] = []
    for box in boxes(diagram.head):
        left, bottom, right, top = corners(box, diagram.head)
        image = isinstance(diagram.held(box.layer), np.ndarray)
        outline = diagram.colour if box.layer == "output" else palette.muted
        line = {"width": 2, "color": outline}
        rect: Note = {"type": "rect", **diagram.on_axes, "line": line}
        # An only input or output is one timestep's; the others of its layer are packs.
        if len(boxes_of(box.layer, diagram.head)) > 1:
            shift = {"x0": left + 0.06, "x1": right + 0.06, "y0": bottom + 0.07, "y1": top + 0.07}
            behind = {"layer": "below", "fillcolor": palette.background, "opacity": 0.6}
            shapes.append(rect | shift | behind)
        opaque = palette.grid if box.layer == "hidden" else palette.background
        fill = CLEAR if image else opaque
        where = {"x0": left, "x1": right, "y0": bottom, "y1": top}
        shapes.append(rect | where | {"fillcolor": fill, "layer": "above" if image else "below"})
    return shapes


def draw_arrows(figure: go.Figure, diagram: Diagram, palette: Palette, width: float) -> None:
    """Add the arrows, `width` pixels wide."""
    ends = [arrow_ends(arrow, diagram.head) for arrow in arrows(diagram.head)]
    figure.add_scatter(
        x=[x for start, end in ends for x in (start[0], end[0], None)],
        y=[y for start, end in ends for y in (start[1], end[1], None)],
        xaxis=f"x{diagram.axis}",
        yaxis=f"y{diagram.axis}",
        mode="lines+markers",
        line={"width": width, "color": palette.muted},
        marker={
            "symbol": "arrow",
            "angleref": "previous",
            "size": [0, 6.5 * width, 0] * len(ends),
            "color": palette.muted,
            "opacity": 1,
            "line": {"width": 0},
        },
        # Nor does it pale when something else is clicked on.
        unselected={"marker": {"opacity": 1}},
        hoverinfo="skip",
        showlegend=False,
    )


def arrow_ends(arrow: Arrow, head: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow starts and ends, from the edge of one box to the edge of the other."""
    start, end = (corners(box, head) for box in arrow)
    across, up = centre(arrow[1], head)
    if arrow[0].pack == arrow[1].pack:
        return (across, start[3]), (across, end[1])
    return (start[2], up), (end[0], up)


def text_notes(diagram: Diagram, palette: Palette) -> list[Note]:
    """What is written in the boxes: one annotation for each box of a layer that holds texts."""
    notes = []
    for box in boxes(diagram.head):
        held = diagram.held(box.layer)
        if box.layer == "hidden" or isinstance(held, np.ndarray):
            continue
        colour = diagram.colour if box.layer == "output" and held else palette.text
        text = f"<b>{NOT_KNOWN if held is None else text_in(box, held)}</b>"
        notes.append(box_note(box, diagram, text, diagram.size, colour))
    return notes


def text_in(box: DiagramBox, texts: tuple[str, ...], step: int | None = None) -> str:
    """The text of a box at a timestep from 1, or of the last timestep that it stands for."""
    if len(texts) == 1:
        return texts[0]
    return texts[(step or STEPS * (box.pack + 1)) - 1]


def box_note(box: DiagramBox, diagram: Diagram, text: str, size: int, colour: str) -> Note:
    """A text in the middle of a box."""
    across, up = centre(box, diagram.head)
    return note(text, size, colour, x=across, y=up, **diagram.on_axes)
