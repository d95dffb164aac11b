"""The confusion matrix: what each digit was taken for, the mistakes lit up."""

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.config import CLASSES
from mnist_rnn.figures.palette import PALETTES, ColourScale, Palette, ThemeName
from mnist_rnn.figures.touch import touch_grid

_NUMBER_PIXELS, _NAME_PIXELS = 18, 20
_DIGITS = np.arange(CLASSES)


def confusion_figure(
    table: np.ndarray, chosen: tuple[int, int], theme: ThemeName = "light"
) -> go.Figure:
    """Counts (10, 10) by true class, from top to bottom, and by answer, from left to right.

    Right answers, on the diagonal, are so many more that they would drown the mistakes: they are
    left grey. `chosen` is the true class and the answer of the cell that is framed. Clicking
    selects a point whose customdata are true class and answer.
    """
    palette = PALETTES[theme]
    figure = go.Figure()
    mistakes = np.where(np.eye(CLASSES, dtype=bool), np.nan, table)
    figure.add_heatmap(
        z=mistakes,
        text=np.where(table > 0, table.astype(str), ""),
        texttemplate="%{text}",
        textfont={"size": _NUMBER_PIXELS},
        colorscale=_errors(palette),
        zmin=0,
        zmax=max(1, int(np.nanmax(mistakes))),
        showscale=False,
        hoverinfo="skip",
        xgap=2,
        ygap=2,
    )
    figure.add_trace(
        touch_grid(
            CLASSES,
            [(true, answer) for true in _DIGITS for answer in _DIGITS],
            "%{customdata[0]} read as %{customdata[1]}<extra></extra>",
        )
    )
    _lay_out(figure, table, chosen, palette)
    return figure


def _errors(palette: Palette) -> ColourScale:
    """From no mistake to the most: the upper half of the scale for signed values."""
    upper = [(place, colour) for place, colour in palette.signed if place >= 0.5]
    return [(2 * place - 1, colour) for place, colour in upper]


def _lay_out(
    figure: go.Figure, table: np.ndarray, chosen: tuple[int, int], palette: Palette
) -> None:
    axis = {
        "tickvals": _DIGITS,
        "tickfont": {"size": _NAME_PIXELS},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
    title = {"size": 16, "color": palette.muted}
    figure.update_layout(
        font={"color": palette.text},
        paper_bgcolor="rgba(0, 0, 0, 0)",
        plot_bgcolor=palette.grid,
        margin={"l": 56, "r": 74, "t": 56, "b": 8},
        clickmode="event+select",
        dragmode=False,
        hovermode="closest",
        hoverdistance=-1,
        showlegend=False,
        xaxis={
            **axis,
            "side": "top",
            "range": [-0.5, CLASSES - 0.5],
            "title": {"text": "read as", "font": title, "standoff": 4},
        },
        yaxis={
            **axis,
            "range": [CLASSES - 0.5, -0.5],
            "title": {"text": "it was", "font": title, "standoff": 4},
        },
    )
    diagonal = [str(table[digit, digit]) for digit in _DIGITS]
    shares = np.diag(table) / np.maximum(table.sum(1), 1)
    common = {"showarrow": False, "yref": "y"}
    notes = [
        common
        | {
            "text": text,
            "x": digit,
            "y": digit,
            "font": {"size": _NUMBER_PIXELS - 2, "color": palette.muted},
        }
        for digit, text in enumerate(diagonal)
    ] + [
        common
        | {
            "text": f"{share:.1%}",
            "x": 1.01,
            "xref": "paper",
            "xanchor": "left",
            "y": digit,
            "font": {"size": _NUMBER_PIXELS, "color": palette.text},
        }
        for digit, share in enumerate(shares)
    ]
    true, answer = chosen
    frame = {
        "type": "rect",
        "x0": answer - 0.5,
        "x1": answer + 0.5,
        "y0": true - 0.5,
        "y1": true + 0.5,
        "line": {"color": palette.scan, "width": 4},
    }
    figure.update_layout(annotations=notes, shapes=[frame])
