"""Play, Pause and a slider that move one scan line across all panels of the reading figure.

Frames change shapes and annotations alone, which Plotly moves without drawing the heat maps again:
dozens of frames a second.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from mnist_rnn.config import ROWS
from mnist_rnn.figures.palette import Palette

WHOLE_READING_MILLISECONDS = 5600
SENTENCE_LINES, SENTENCE_PIXELS = 2, 15
# From the top of the panels to the bottom of the answers.
SENTENCE_HEIGHT = SENTENCE_LINES * 18


@dataclass(frozen=True)
class Headline:
    """Where a reader's answer stands, `x` in shares of the figure's width, and its colour."""

    x: float
    colour: str


@dataclass(frozen=True)
class Moment:
    """The figure after `share` (0 to 1) of the sequence: for each reader an answer in large type,
    and below it a sentence of `SENTENCE_LINES` lines at most.
    """

    share: float
    answers: tuple[str, ...]
    sentences: tuple[str, ...]


def timestep_at(share: float, timesteps: int) -> int:
    """The last timestep, from 0, that is begun after this share (0 to 1) of the sequence."""
    return max(0, math.ceil(share * timesteps - 1e-9) - 1)


def add_player(
    figure: go.Figure,
    moments: Sequence[Moment],
    headlines: Sequence[Headline],
    palette: Palette,
    *,
    left: float,
    opening: float,
) -> None:
    """Add the controls, the scan line and the answers, which stand below the headlines.

    The line runs from `left`, in shares of the figure's width, to the right end. The figure opens
    after the share `opening` (0 to 1) of the sequence.
    """
    first = timestep_at(opening, len(moments))
    stop_at(figure, moments[first], headlines, palette, left=left)
    names = [str(number) for number in range(1, len(moments) + 1)]
    figure.frames = [
        {
            "name": name,
            "layout": {
                "shapes": [{"y0": y, "y1": ROWS}, {"y0": y, "y1": y}],
                "annotations": [{"text": text} for text in (*moment.answers, *moment.sentences)],
            },
        }
        for name, moment in zip(names, moments, strict=True)
        for y in [round(ROWS * moment.share, 3)]
    ]
    add_controls(figure, names, palette, active=first)


def add_controls(
    figure: go.Figure,
    names: Sequence[str],
    palette: Palette,
    *,
    active: int,
    prefix: str | None = None,
) -> None:
    """Add Play, Pause and a slider over the frames of these names, at the frame `active`."""
    duration = WHOLE_READING_MILLISECONDS / len(names)
    if prefix is None:
        prefix = {28: "after row "}.get(len(names), "after timestep ")
    figure.update_layout(
        overwrite=True,
        updatemenus=[
            {
                "type": "buttons",
                "direction": "left",
                "x": 0,
                "xanchor": "left",
                "y": 0,
                "yanchor": "top",
                "pad": {"t": 66, "l": 0},
                "showactive": False,
                "bgcolor": palette.background,
                "bordercolor": palette.grid,
                "font": {"size": 16, "color": palette.text},
                "buttons": [
                    _button("▶ Play", None, duration, from_current=True),
                    _button("❚❚ Pause", [None], 0),
                ],
            }
        ],
        sliders=[
            {
                "active": active,
                "x": 0.2,
                "len": 0.8,
                "y": 0,
                "yanchor": "top",
                "pad": {"t": 46},
                "currentvalue": {"prefix": prefix, "font": {"size": 16, "color": palette.text}},
                "ticklen": 0,
                "minorticklen": 0,
                "font": {"size": 1, "color": "rgba(0,0,0,0)"},
                "bgcolor": palette.grid,
                "activebgcolor": palette.scan,
                "bordercolor": palette.grid,
                "steps": [
                    {"method": "animate", "label": name, "args": [[name], _animation(0)]}
                    for name in names
                ],
            }
        ],
    )


def stop_at(
    figure: go.Figure,
    moment: Moment,
    headlines: Sequence[Headline],
    palette: Palette,
    *,
    left: float,
) -> None:
    """Draw the scan line and the answers of one moment; arguments as for `add_player`."""
    # Frames name annotations by position: those that change have to be the first.
    figure.layout.annotations = (
        *_answers(moment, headlines),
        *_sentences(moment, headlines, palette),
        *figure.layout.annotations,
    )
    figure.layout.shapes = _shapes(moment.share, left, palette)


def _shapes(share: float, left: float, palette: Palette) -> list[dict[str, Any]]:
    """The veil over what has not been read yet, and the scan line above it."""
    line = ROWS * share
    across = {"xref": "paper", "x0": left, "x1": 1, "yref": "y", "y0": line}
    veil = {"type": "rect", "y1": ROWS, "fillcolor": palette.veil, "line": {"width": 0}}
    scan = {"type": "line", "y1": line, "line": {"width": 4, "color": palette.scan}}
    return [across | veil, across | scan]


def _answers(moment: Moment, headlines: Sequence[Headline]) -> list[dict[str, Any]]:
    """One large answer above each reader."""
    return [
        {
            **_above_panels(headline),
            "text": answer,
            "font": {"size": 40, "color": headline.colour},
            "yanchor": "bottom",
            "yshift": SENTENCE_HEIGHT,
        }
        for headline, answer in zip(headlines, moment.answers, strict=True)
    ]


def _sentences(
    moment: Moment, headlines: Sequence[Headline], palette: Palette
) -> list[dict[str, Any]]:
    """One sentence between each answer and its panels."""
    return [
        {
            **_above_panels(headline),
            "text": sentence,
            "font": {"size": SENTENCE_PIXELS, "color": palette.text},
            "align": "left",
            "yanchor": "top",
            "yshift": SENTENCE_HEIGHT + 6,
        }
        for headline, sentence in zip(headlines, moment.sentences, strict=True)
    ]


def _above_panels(headline: Headline) -> dict[str, Any]:
    # Plotly moves what hangs on an axis, as y here, from frame to frame; what hangs on the paper
    # stays as it was.
    return {
        "showarrow": False,
        "xref": "paper",
        "x": headline.x,
        "xanchor": "left",
        "yref": "y",
        "y": 0,
    }


def _button(label: str, frames: list[None] | None, duration: float, **more: Any) -> dict[str, Any]:
    return {
        "label": label,
        "method": "animate",
        "args": [frames, {**_animation(duration), "fromcurrent": bool(more)}],
    }


def _animation(milliseconds: float) -> dict[str, Any]:
    return {
        "mode": "immediate",
        "frame": {"duration": milliseconds, "redraw": False},
        "transition": {"duration": 0},
    }
