"""Many-to-many with a delay: an encoder reads everything, then a decoder answers."""

import plotly.graph_objects as go

from mnist_rnn.figures.layout import bare_axis, note, see_through
from mnist_rnn.figures.palette import PALETTES, ThemeName
from mnist_rnn.figures.wirings.diagram import (
    HEIGHT,
    Diagram,
    box_shapes,
    draw_arrows,
    text_notes,
)
from mnist_rnn.figures.wirings.unrolled import ENCODED, LATER, PACKS


def later_figure(theme: ThemeName = "light") -> go.Figure:
    """Its boxes and arrows over time, x going in and y coming out."""
    palette = PALETTES[theme]
    diagram = Diagram(LATER, ("x",), ("y",), 1, 18, palette.heads["many_to_many"])
    parts = {"encoder": (ENCODED - 1) / 2, "decoder": ENCODED + (PACKS - ENCODED - 1) / 2}
    names = [
        note(name, 18, palette.muted, x=middle, y=-HEIGHT / 2 - 0.35, **diagram.on_axes)
        for name, middle in parts.items()
    ]
    figure = go.Figure()
    draw_arrows(figure, diagram, palette, 1.8)
    return figure.update_layout(
        see_through(palette, (10, 8, 10, 8)),
        xaxis=bare_axis([-0.55, PACKS - 0.35]),
        yaxis=bare_axis([-HEIGHT / 2 - 0.6, 2 + HEIGHT / 2 + 0.14]),
        shapes=box_shapes(diagram, palette),
        annotations=[*text_notes(diagram, palette), *names],
    )
