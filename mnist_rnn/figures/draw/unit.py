"""Inside one unit: the pixels and the memory it weighs, the value that results, its votes.

Panels share one vertical axis, the rows of the digit, as in the reading figure. The weights lie
as a strip under the row being read, so that each stands under the pixel that it multiplies.
"""

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.figures.draw.tiles import draw_tiles, tile_notes
from mnist_rnn.figures.draw.unit_sum import Portrait, draw_values, draw_weighed, strip_notes
from mnist_rnn.figures.layout import CLEAR, QUIET, Note, above, note, row_ticks, see_through, signed
from mnist_rnn.figures.palette import PALETTES, Palette, ThemeName

# The strip needs this many rows below the last.
STRIP_ROWS = 5.2
INPUT, HEARD, VALUE, RIGHT = (0.0, 0.25), (0.325, 0.46), (0.535, 0.675), (0.725, 1.0)


def unit_figure(portrait: Portrait, theme: ThemeName = "light") -> go.Figure:
    """The figure of one unit."""
    palette = PALETTES[theme]
    figure = go.Figure()
    _lay_out(figure, portrait, palette)
    draw_weighed(figure, portrait, palette)
    draw_values(figure, portrait, palette)
    _draw_votes(figure, portrait, palette)
    draw_tiles(figure, 5, portrait.most, portrait.rows_read, palette)
    draw_tiles(figure, 6, portrait.least, portrait.rows_read, palette)
    figure.layout.annotations = [
        *_equation(portrait, palette),
        *strip_notes(portrait.row, palette),
        *tile_notes(5, portrait.most, palette),
        *tile_notes(6, portrait.least, palette),
    ]
    return figure


def _draw_votes(figure: go.Figure, portrait: Portrait, palette: Palette) -> None:
    """Its vote for each class now, and outlined what a value of 1 would add."""
    value = float(portrait.values[portrait.timestep])
    bars = {"x": np.arange(CLASSES), "xaxis": "x4", "yaxis": "y4"}
    positive, negative = palette.signed[3][1], palette.signed[1][1]
    if not portrait.votes_trained:
        positive = negative = palette.muted
    now = (portrait.votes * value).astype(np.float32)
    figure.add_bar(
        **bars,
        y=portrait.votes.astype(np.float32),
        width=0.86,
        marker={"color": CLEAR, "line": {"width": 1.5, "color": palette.muted}},
        hovertemplate="at +1: %{y:+.2f} for %{x}<extra></extra>",
    )
    figure.add_bar(
        **bars,
        y=now,
        width=0.6,
        marker={"color": np.where(now >= 0, positive, negative), "line": {"width": 0}},
        hovertemplate="now: %{y:+.2f} for %{x}<extra></extra>",
    )


def _equation(portrait: Portrait, palette: Palette) -> list[Note]:
    """The unit's equation with its numbers, each above the panel that it comes from."""
    recipe, value = portrait.recipe, portrait.values[portrait.timestep]
    total = recipe.inputs + recipe.memory + recipe.bias
    of_sum = "" if recipe.activation == "linear" else recipe.activation
    result = f"{of_sum}({signed(total)}) = {signed(recipe.new)}"
    bias = f"bias {signed(recipe.bias)}"
    outcome = (
        f"{bias}, after its gates {signed(value)}" if portrait.gated else f"its value ({bias})"
    )
    votes = "its votes" if portrait.votes_trained else "its votes, not trained here"
    parts = (
        (INPUT, signed(recipe.inputs), f"from {portrait.moment}"),
        ((INPUT[1], HEARD[0]), "+", ""),
        (HEARD, signed(recipe.memory), "from its memory"),
        ((HEARD[1], VALUE[0]), "→", ""),
        (VALUE, result, outcome),
        (RIGHT, f"{portrait.name}: {signed(value)} ×", votes),
    )
    return [
        note(text, size, palette.text, **above((start + end) / 2, shift) | {"xanchor": "center"})
        for (start, end), number, words in parts
        for text, size, shift in ((f"<b>{number}</b>", 20, 56), (words, 15, 36))
    ]


def _lay_out(figure: go.Figure, portrait: Portrait, palette: Palette) -> None:
    font = {"size": 15, "color": palette.text}
    reach = portrait.reach
    top = {**QUIET, "side": "top", "tickfont": font}
    at_row = {"xref": "paper", "x0": 0, "x1": VALUE[1], "y0": portrait.row, "y1": portrait.row}
    scan = {"type": "line", "yref": "y", "line": {"width": 4, "color": palette.scan}}
    figure.update_layout(
        see_through(palette, (30, 88, 2, 20), barmode="overlay", showlegend=False),
        shapes=[at_row | scan],
        yaxis=row_ticks(palette) | {"range": [ROWS + STRIP_ROWS, 0]},
        xaxis={"domain": INPUT, "showticklabels": False, **top},
        xaxis2={
            "domain": HEARD,
            "tickvals": list(range(len(portrait.heard))),
            "ticktext": portrait.heard,
            "tickangle": -90,
            **top,
        },
        xaxis3={
            "domain": VALUE,
            "range": [-1.05 * reach, 1.05 * reach],
            "tickvals": [-reach, 0, reach],
            "tickformat": ".3~g",
            **top,
        },
        xaxis4={
            "domain": RIGHT,
            "anchor": "y4",
            "tickvals": list(range(CLASSES)),
            "tickfont": font,
            **QUIET,
        },
        yaxis4={
            "domain": [0.64, 1],
            "anchor": "x4",
            "zeroline": True,
            "zerolinecolor": palette.muted,
            "nticks": 3,
            "tickfont": font,
            "fixedrange": True,
            "showgrid": False,
        },
        xaxis5={"domain": RIGHT},
        yaxis5={"domain": [0.32, 0.47]},
        xaxis6={"domain": RIGHT},
        yaxis6={"domain": [0.03, 0.18]},
    )
