"""Mistakes: the confusion matrix, and a sheet of the images that one count in it is of."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import CLASSES, COLUMNS, ROWS
from mnist_rnn.evaluation.accuracy import ConfusionCell, only_mistakes
from mnist_rnn.figures.draw.tiles import GAP_PIXELS, tile_strip
from mnist_rnn.figures.layout import (
    QUIET,
    Note,
    bare_axis,
    heat,
    image_map,
    note,
    see_through,
    targets,
)
from mnist_rnn.figures.palette import PALETTES, ColourScale, ThemeName

# From the page's own colour to one that is darker, or in the dark brighter, the more mistakes.
MISTAKES: dict[ThemeName, ColourScale] = {
    "light": [(0, "#f4f6f8"), (0.35, "#f6c9a0"), (1, "#c2500a")],
    "dark": [(0, "#161e27"), (0.35, "#6d3a1c"), (1, "#ff9d5c")],
}
# Above this share of the scale, numbers are written in the page's colour to stand out.
_FULL = 0.75
_MARGIN = CLASSES + 0.25
ACROSS, DOWN = 6, 4
MOST_IMAGES = ACROSS * DOWN
CAPTION_PIXELS = 9
_STEP_X, _STEP_Y = COLUMNS + GAP_PIXELS, ROWS + CAPTION_PIXELS


def confusion_figure(counts: np.ndarray, chosen: ConfusionCell, theme: ThemeName) -> go.Figure:
    """Counts (10, 10) of answers by true digit, a row each, with the chosen one framed.

    The diagonal, where answers are right, has no colour: on one scale with it no mistake would
    show. Beside each row: the share of this digit that is named right. Below each column: the
    share of this answer that is right. Each count can be clicked: it is a point, number
    10 * digit + answer.
    """
    palette = PALETTES[theme]
    mistakes = only_mistakes(counts)
    # Areas are compared by eye: the root lets a few mistakes show beside many.
    shades = np.sqrt(mistakes / max(1, mistakes.max()))
    figure = go.Figure()
    figure.add_heatmap(**heat(shades, MISTAKES[theme], (0, 1), hoverinfo="skip", xgap=2, ygap=2))
    digits, answers = (places.ravel() for places in np.indices(counts.shape))
    right = digits == answers
    figure.add_scatter(
        **targets(
            answers,
            digits,
            mode="markers+text",
            unselected={"marker": {"opacity": 0}, "textfont": {"color": palette.text}},
        ),
        text=[f"{count or ''}" for count in counts.ravel()],
        textfont={
            "size": 18,
            "color": np.where(
                right,
                palette.muted,
                np.where(shades.ravel() > _FULL, palette.background, palette.text),
            ).tolist(),
        },
        hovertext=[
            f"{count} times {digit} was read as {answer}"
            for digit, answer, count in zip(digits, answers, counts.ravel(), strict=True)
        ],
        hoverinfo="text",
    )
    _lay_out(figure, theme)
    figure.layout.annotations = _shares(counts, palette.text)
    digit, answer = chosen
    across, down = {"x0": answer - 0.5, "x1": answer + 0.5}, {"y0": digit - 0.5, "y1": digit + 0.5}
    line = {"color": palette.ghost, "width": 4}
    figure.layout.shapes = [{"type": "rect", **across, **down, "line": line}]
    return figure


def contact_sheet_figure(
    images: np.ndarray, captions: Sequence[str], rows_read: int, theme: ThemeName
) -> go.Figure:
    """At most MOST_IMAGES images (n, 28, 28) uint8 from left to right, dim below the rows read.

    The sheet keeps its shape however few there are. An image can be clicked: it is a point.
    """
    palette = PALETTES[theme]
    places = np.arange(len(images))
    left, top = places % ACROSS * _STEP_X, places // ACROSS * _STEP_Y
    figure = go.Figure()
    for line in range(0, len(images), ACROSS):
        strip = tile_strip(images[line : line + ACROSS], rows_read)
        figure.add_heatmap(**image_map(strip, palette, y0=line // ACROSS * _STEP_Y, dy=1))
    middle = left + (COLUMNS - 1) / 2
    figure.add_scatter(
        **targets(middle, top + (ROWS - 1) / 2),
        hovertext=list(captions),
        hovertemplate="%{hovertext}<extra>click to see it read</extra>",
    )
    within = {"constrain": "domain", "scaleanchor": "x", "constraintoward": "top"}
    figure.update_layout(
        see_through(palette, (0, 0, 0, 0), hoverdistance=60, showlegend=False),
        xaxis=bare_axis([-0.5, ACROSS * _STEP_X - GAP_PIXELS - 0.5]),
        yaxis=bare_axis([DOWN * _STEP_Y - 0.5, -0.5]) | within,
        annotations=[
            note(caption, 16, palette.text, x=x, y=y, yanchor="top")
            for caption, x, y in zip(captions, middle, top + ROWS - 0.5, strict=True)
        ],
    )
    return figure.update_xaxes(constrain="domain", constraintoward="left")


def _lay_out(figure: go.Figure, theme: ThemeName) -> None:
    palette = PALETTES[theme]
    digits = {"tickvals": list(range(CLASSES)), "tickfont": {"size": 22, "color": palette.text}}
    name = {"size": 17, "color": palette.muted}
    read_as = {"text": "read as", "font": name, "standoff": 4}
    true = {"text": "true digit", "font": name, "standoff": 12}
    figure.update_layout(
        see_through(palette, (72, 62, 4, 4), hoverdistance=60, showlegend=False),
        xaxis=QUIET | digits | {"side": "top", "range": [-0.5, _MARGIN + 1.25], "title": read_as},
        yaxis=QUIET | digits | {"range": [_MARGIN + 0.5, -0.5], "title": true},
    )


def _shares(counts: np.ndarray, colour: str) -> list[Note]:
    """What is right of each row and of each column, as annotations at the margins."""
    hits = np.diag(counts)
    of_rows, of_columns = counts.sum(1), counts.sum(0)
    beside = {"x": _MARGIN - 0.6, "xanchor": "left"}
    below = {"y": _MARGIN, "yanchor": "middle"}
    digits = range(CLASSES)
    return [
        *(note(_share(hits[d], of_rows[d]), 16, colour, **beside, y=d) for d in digits),
        *(note(_share(hits[d], of_columns[d]), 16, colour, **below, x=d) for d in digits),
        note(f"<b>{_share(hits.sum(), counts.sum())}</b>", 16, colour, **beside, y=_MARGIN),
        note("right", 16, colour, **beside, y=-0.5, yanchor="bottom", yshift=6),
    ]


def _share(hits: int, of: int) -> str:
    return f"{hits / of:.1%}" if of else "–"
