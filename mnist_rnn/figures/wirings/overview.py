"""The famous picture: the boxes and arrows of a wiring, small enough for four side by side."""

import plotly.graph_objects as go

from mnist_rnn.figures.layout import Note, bare_axis, see_through, targets
from mnist_rnn.figures.palette import PALETTES, ThemeName
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
from mnist_rnn.figures.wirings.unrolled import PACKS, boxes


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
    figure = go.Figure()
    draw_held_images(figure, diagram, palette)
    draw_arrows(figure, diagram, palette, 1.8)
    _draw_target(figure, diagram)
    return figure.update_layout(
        see_through(palette, (10, 8, 10, 8)),
        xaxis=bare_axis([-0.55, PACKS - 0.35]),
        yaxis=bare_axis([-HEIGHT / 2 - 0.1, 2 + HEIGHT / 2 + 0.14]),
        shapes=[*box_shapes(diagram, palette), *([_frame(diagram)] if chosen else [])],
        annotations=text_notes(diagram, palette),
    )


def _draw_target(figure: go.Figure, diagram: Diagram) -> None:
    """Something in every box that can be hit, though not seen."""
    across, up = zip(*(centre(box, diagram.head) for box in boxes(diagram.head)), strict=True)
    figure.add_scatter(**targets(across, up, 46, hoverinfo="none"))


def _frame(diagram: Diagram) -> Note:
    """Around the whole picture, in its margins."""
    return {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"width": 4, "color": diagram.colour},
    }
