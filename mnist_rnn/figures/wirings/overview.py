"""The famous picture: the boxes and arrows of a wiring, small enough for four side by side."""

from collections.abc import Sequence

import plotly.graph_objects as go

from mnist_rnn.figures.layout import Note, bare_axis, note, see_through, targets
from mnist_rnn.figures.palette import PALETTES, Palette, ThemeName
from mnist_rnn.figures.wirings.diagram import (
    HEIGHT,
    Diagram,
    Held,
    box_shapes,
    centre,
    draw_arrows,
    draw_held_images,
    text_notes,
)
from mnist_rnn.figures.wirings.unrolled import ENCODED, LATER, PACKS, boxes


def overview_figure(
    head: str,
    inputs: Held,
    outputs: Held | None,
    theme: ThemeName = "light",
    *,
    chosen: bool = False,
) -> go.Figure:
    """The small picture of one wiring, in a frame if it is `chosen`.

    Without `outputs` there are question marks. Its last trace is to be clicked on, not to be seen.
    """
    palette = PALETTES[theme]
    diagram = Diagram(head, inputs, outputs, 1, 18, palette.heads[head])
    # Around the whole picture, in its margins.
    edges = {"xref": "paper", "x0": 0, "x1": 1, "yref": "paper", "y0": 0, "y1": 1}
    frame = {"type": "rect", **edges, "line": {"width": 4, "color": diagram.colour}}
    figure = _drawn(diagram, palette, 0.1, shapes=[frame] if chosen else [])
    # Something in every box that can be hit, though not seen.
    across, up = zip(*(centre(box, head) for box in boxes(head)), strict=True)
    return figure.add_scatter(**targets(across, up, 46, hoverinfo="none"))


def later_figure(theme: ThemeName = "light") -> go.Figure:
    """Many-to-many with a delay: an encoder reads everything, x, then a decoder answers, y."""
    palette = PALETTES[theme]
    diagram = Diagram(LATER, ("x",), ("y",), 1, 18, palette.heads["many_to_many"])
    parts = {"encoder": (ENCODED - 1) / 2, "decoder": ENCODED + (PACKS - ENCODED - 1) / 2}
    names = [
        note(name, 18, palette.muted, x=middle, y=-HEIGHT / 2 - 0.35, **diagram.on_axes)
        for name, middle in parts.items()
    ]
    return _drawn(diagram, palette, 0.6, notes=names)


def _drawn(
    diagram: Diagram,
    palette: Palette,
    below: float,
    *,
    shapes: Sequence[Note] = (),
    notes: Sequence[Note] = (),
) -> go.Figure:
    """A diagram with that much room below its boxes, and what else stands on it."""
    figure = go.Figure()
    draw_held_images(figure, diagram, palette)
    draw_arrows(figure, diagram, palette, 1.8)
    return figure.update_layout(
        see_through(palette, (10, 8, 10, 8)),
        xaxis=bare_axis([-0.55, PACKS - 0.35]),
        yaxis=bare_axis([-HEIGHT / 2 - below, 2 + HEIGHT / 2 + 0.14]),
        shapes=[*box_shapes(diagram, palette), *shapes],
        annotations=[*text_notes(diagram, palette), *notes],
    )
