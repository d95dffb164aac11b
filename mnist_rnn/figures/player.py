"""Play, Pause and a slider over the frames of a figure, such as a wiring's.

Frames change shapes and annotations alone, which Plotly moves without drawing the heat maps again:
dozens of frames a second.
"""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from mnist_rnn.figures.layout import CLEAR
from mnist_rnn.figures.palette import Palette

WHOLE_READING_MILLISECONDS = 5600


def timestep_at(share: float, timesteps: int) -> int:
    """The last timestep, from 0, that is begun after this share (0 to 1) of the sequence."""
    return max(0, math.ceil(share * timesteps - 1e-9) - 1)


def add_controls(
    figure: go.Figure,
    names: Sequence[str],
    palette: Palette,
    *,
    active: int,
    prefix: str,
    end: float,
) -> None:
    """Add Play, Pause and a slider over the frames of these names, at the frame `active`.

    They stand below the figure from its left to the share `end` of its width.
    """
    duration = WHOLE_READING_MILLISECONDS / len(names)
    font = {"size": 16, "color": palette.text}
    figure.update_layout(
        overwrite=True,
        updatemenus=[
            {
                "type": "buttons",
                "direction": "left",
                "x": 0,
                "xanchor": "left",
                "y": 0,
                "yanchor": "bottom",
                "pad": {"t": 0, "l": 0, "b": 2},
                "showactive": False,
                "bgcolor": palette.background,
                "bordercolor": palette.grid,
                "font": font,
                "buttons": [
                    {"label": label, "method": "animate", "args": [frames, how]}
                    for label, frames, how in (
                        ("▶ Play", None, _animation(duration) | {"fromcurrent": True}),
                        ("❚❚ Pause", [None], _animation(0) | {"fromcurrent": False}),
                    )
                ],
            }
        ],
        sliders=[
            {
                "active": active,
                "x": 0.16,
                "len": end - 0.16,
                "y": 0,
                "yanchor": "bottom",
                "pad": {"t": 0, "b": 0},
                "currentvalue": {"prefix": prefix, "font": font, "offset": 1},
                "ticklen": 0,
                "minorticklen": 0,
                "font": {"size": 1, "color": CLEAR},
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


def _animation(milliseconds: float) -> dict[str, Any]:
    return {
        "mode": "immediate",
        "frame": {"duration": milliseconds, "redraw": False},
        "transition": {"duration": 0},
    }
