"""The confusion matrix: true digits down, answers across, and mistakes in a colour of their own."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import CLASSES, COLUMNS, ROWS
from mnist_rnn.evaluation.accuracy import ConfusionCell, only_mistakes
from mnist_rnn.figures.draw.tiles import GAP_PIXELS, tile_strip
from mnist_rnn.figures.palette import PALETTES, ColourScale, ThemeName

# From the page's own colour to one that is darker, or in the dark brighter, the more mistakes.
MISTAKES: dict[ThemeName, ColourScale] = {
    "light": [(0, "#f4f6f8"), (0.35, "#f6c9a0"), (1, "#c2500a")],
    "dark": [(0, "#161e27"), (0.35, "#6d3a1c"), (1, "#ff9d5c")],
}
# Above this share of the scale, numbers are written in the page's colour to stand out.
_FULL = 0.75
_MARGIN = CLASSES + 0.25


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
    figure.add_heatmap(
        z=shades,
        zmin=0,
        zmax=1,
        colorscale=MISTAKES[theme],
        showscale=False,
        hoverinfo="skip",
        xgap=2,
        ygap=2,
    )
    digits, answers = (places.ravel() for places in np.indices(counts.shape))
    right = digits == answers
    # Heat maps can't be clicked: the numbers on it can.
    figure.add_scatter(
        x=answers,
        y=digits,
        text=[f"{count or ''}" for count in counts.ravel()],
        mode="markers+text",
        marker={"size": 30, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}, "textfont": {"color": palette.text}},
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
        showlegend=False,
    )
    _lay_out(figure, theme)
    figure.layout.annotations = _shares(counts, palette.text)
    figure.layout.shapes = [_frame(chosen, palette.ghost)]
    return figure


def _lay_out(figure: go.Figure, theme: ThemeName) -> None:
    palette = PALETTES[theme]
    axis = {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickvals": list(range(CLASSES)),
        "tickfont": {"size": 22, "color": palette.text},
        "ticklen": 0,
    }
    name = {"size": 17, "color": palette.muted}
    figure.update_layout(
        margin={"l": 72, "r": 4, "t": 62, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="closest",
        hoverdistance=60,
        dragmode=False,
        showlegend=False,
        xaxis=axis
        | {
            "side": "top",
            "range": [-0.5, _MARGIN + 1.25],
            "title": {"text": "read as", "font": name, "standoff": 4},
        },
        yaxis=axis
        | {
            "range": [_MARGIN + 0.5, -0.5],
            "title": {"text": "true digit", "font": name, "standoff": 12},
        },
    )


def _shares(counts: np.ndarray, colour: str) -> list[dict[str, Any]]:
    """What is right of each row and of each column, as annotations at the margins."""
    hits = np.diag(counts)
    common = {"showarrow": False, "font": {"size": 16, "color": colour}}
    notes = []
    for digit in range(CLASSES):
        row = {"x": _MARGIN - 0.6, "xanchor": "left", "y": digit}
        column = {"x": digit, "y": _MARGIN, "yanchor": "middle"}
        notes += [
            common | row | {"text": _share(hits[digit], counts[digit].sum())},
            common | column | {"text": _share(hits[digit], counts[:, digit].sum())},
        ]
    corner = {"x": _MARGIN - 0.6, "xanchor": "left", "y": _MARGIN}
    notes.append(common | corner | {"text": f"<b>{_share(hits.sum(), counts.sum())}</b>"})
    heading = {"x": _MARGIN - 0.6, "xanchor": "left", "y": -0.5, "yanchor": "bottom", "yshift": 6}
    notes.append(common | heading | {"text": "right"})
    return notes


def _share(hits: int, of: int) -> str:
    return f"{hits / of:.1%}" if of else "–"


def _frame(chosen: ConfusionCell, colour: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": chosen.answer - 0.5,
        "x1": chosen.answer + 0.5,
        "y0": chosen.digit - 0.5,
        "y1": chosen.digit + 0.5,
        "line": {"color": colour, "width": 4},
    }


ACROSS, DOWN = 6, 4
MOST_IMAGES = ACROSS * DOWN
CAPTION_PIXELS = 9
_STEP_X, _STEP_Y = COLUMNS + GAP_PIXELS, ROWS + CAPTION_PIXELS


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
        figure.add_heatmap(
            z=strip,
            y0=line // ACROSS * _STEP_Y,
            dy=1,
            colorscale=palette.ink,
            zmin=0,
            zmax=255,
            showscale=False,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=left + (COLUMNS - 1) / 2,
        y=top + (ROWS - 1) / 2,
        mode="markers",
        marker={"size": 30, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        hovertext=list(captions),
        hovertemplate="%{hovertext}<extra>click to see it read</extra>",
    )
    hidden = {"visible": False, "fixedrange": True}
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="closest",
        hoverdistance=60,
        dragmode=False,
        showlegend=False,
        xaxis=hidden | {"range": [-0.5, ACROSS * _STEP_X - GAP_PIXELS - 0.5]},
        yaxis=hidden
        | {
            "range": [DOWN * _STEP_Y - 0.5, -0.5],
            "scaleanchor": "x",
            "constrain": "domain",
            "constraintoward": "top",
        },
        annotations=[
            {
                "text": caption,
                "x": x,
                "y": y,
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": 16, "color": palette.text},
            }
            for caption, x, y in zip(
                captions, left + (COLUMNS - 1) / 2, top + ROWS - 0.5, strict=True
            )
        ],
    )
    return figure.update_xaxes(constrain="domain", constraintoward="left")
