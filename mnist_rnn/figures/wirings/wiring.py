"""A wiring at work on a digit: its diagram, and beside it the numbers, lit in step."""

import plotly.graph_objects as go

from mnist_rnn.config import ROWS
from mnist_rnn.figures.layout import (
    Note,
    Span,
    above,
    bare_axis,
    note,
    row_axis,
    see_through,
    spans,
)
from mnist_rnn.figures.palette import PALETTES, Palette, ThemeName
from mnist_rnn.figures.panels import draw_panel
from mnist_rnn.figures.player import add_controls
from mnist_rnn.figures.wirings.diagram import (
    HEIGHT,
    Diagram,
    box_shapes,
    centre,
    draw_arrows,
    draw_held_images,
    text_notes,
)
from mnist_rnn.figures.wirings.moving import LABELS_AT, Stepping
from mnist_rnn.figures.wirings.stops import Running
from mnist_rnn.figures.wirings.unrolled import PACKS, boxes_of, rows_of

DIAGRAM_AXIS = 9
# Shares of the figure's width and height.
DIAGRAM_WIDTH, PANELS_LEFT, CONTROLS_HEIGHT = 0.475, 0.53, 0.22
TOP_PIXELS, BOTTOM_PIXELS = 62, 40
LAYER_NAMES = {
    "one_to_one": ("image in", "hidden", "class out"),
    "one_to_many": ("class in", "memory", "rows out"),
    "many_to_one": ("rows in", "memory", "class out"),
    "many_to_many": ("rows in", "memory", "classes out"),
}


def wiring_figure(
    running: Running, theme: ThemeName = "light", opening: int = -1, *, revealed: bool = True
) -> go.Figure:
    """A wiring's diagram on the left, and on the right its numbers, one row for each timestep.

    It opens at the stop number `opening` of its stops. Until it is `revealed`, it shows no more
    than what goes in.
    """
    palette = PALETTES[theme]
    diagram = Diagram(
        running.head,
        running.inputs,
        running.outputs if revealed else None,
        DIAGRAM_AXIS,
        26,
        palette.heads[running.head],
    )
    figure = go.Figure()
    (places,) = spans([[panel.width for panel in running.panels]])
    places = [_on_the_right(place) for place in places]
    for number, (panel, place) in enumerate(zip(running.panels, places, strict=True), start=1):
        if revealed or number == 1:
            draw_panel(figure, number, panel, place, palette)
    draw_held_images(figure, diagram, palette)
    draw_arrows(figure, diagram, palette, 2.5)
    _draw_names(figure, diagram, palette)
    figure.update_layout(see_through(palette, (8, TOP_PIXELS, 2, BOTTOM_PIXELS)))
    figure.layout.yaxis = row_axis(palette) | {"anchor": "x", "showticklabels": True}
    for name, other, limits, domain in (
        ("x", "y", [-2.05, PACKS - 0.35], [0, DIAGRAM_WIDTH]),
        ("y", "x", [-0.68, 2 + HEIGHT / 2 + 0.14], [CONTROLS_HEIGHT, 1]),
    ):
        on_axes = {"domain": domain, "anchor": f"{other}{DIAGRAM_AXIS}"}
        figure.layout[f"{name}axis{DIAGRAM_AXIS}"] = bare_axis(limits) | on_axes
    title = f"<b>{diagram.head.replace('_', '-')}</b>"
    static = [
        *_names_of_layers(diagram, palette),
        note(title, 24, diagram.colour, **above(0, 24)),
    ]
    if not revealed:
        figure.layout.shapes = box_shapes(diagram, palette)
        # In the place of the panels that are not shown yet.
        middle = {"xref": "paper", "x": (places[1][0] + 1) / 2, "yref": "paper", "y": 0.5}
        question = note("<b>?</b>", 110, palette.grid, **middle)
        figure.layout.annotations = [*static, *text_notes(diagram, palette), question]
        return figure
    stepping = Stepping(running, diagram, tuple(place[0] for place in places), palette)
    first = stepping.at(running.stops[opening])
    figure.layout.shapes = [*first.shapes, *box_shapes(diagram, palette)]
    figure.layout.annotations = [*first.notes, *static]
    figure.frames = [stepping.frame(stop) for stop in running.stops]
    names = [stop.name for stop in running.stops]
    prefix = "timestep 1 of 1: " if len(names) < ROWS else "after row "
    active = opening % len(names)
    add_controls(figure, names, palette, active=active, prefix=prefix, end=DIAGRAM_WIDTH)
    return figure


def _on_the_right(place: Span) -> Span:
    """A share of the width of all panels as a share of the figure's width."""
    left, right = (min(1.0, PANELS_LEFT + share * (1 - PANELS_LEFT)) for share in place)
    return left, right


def _draw_names(figure: go.Figure, diagram: Diagram, palette: Palette) -> None:
    """The name of each hidden state, and below each pack its rows."""
    hidden = boxes_of("hidden", diagram.head)
    names = [(*centre(box, diagram.head), "h") for box in hidden]
    if len(hidden) > 1:
        names += [(box.pack, LABELS_AT, rows_of(box.pack)) for box in hidden]
    across, up, texts = zip(*names, strict=True)
    figure.add_scatter(
        x=across,
        y=up,
        text=texts,
        mode="text",
        textfont={"size": 17, "color": palette.text},
        xaxis=f"x{DIAGRAM_AXIS}",
        yaxis=f"y{DIAGRAM_AXIS}",
        hoverinfo="skip",
        showlegend=False,
    )


def _names_of_layers(diagram: Diagram, palette: Palette) -> list[Note]:
    """What each layer of boxes is, to their left."""
    return [
        note(f"<b>{name}</b>", 18, colour, x=-2.0, xanchor="left", y=up, **diagram.on_axes)
        for up, name in enumerate(LAYER_NAMES[diagram.head])
        for colour in [diagram.colour if up == 2 else palette.text]
    ]
