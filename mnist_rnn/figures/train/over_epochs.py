"""Rows x epochs: one column for every epoch of a training, one row for every timestep."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.sentences import unit_of
from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.figures.layout import grid_axis, see_through
from mnist_rnn.figures.palette import PALETTES, ColourScale, ThemeName

MOST_COLUMNS, MOST_CELLS = 200, 20_000
# Viridis (S. van der Walt and N. Smith, 2015): in order of lightness for every kind of colour
# vision, so that "bright" means "right" on a light page as on a dark one.
RIGHT: ColourScale = [
    (0, "#440154"),
    (0.2, "#414487"),
    (0.4, "#2a788e"),
    (0.6, "#22a884"),
    (0.8, "#7ad151"),
    (1, "#fde725"),
]


def accuracy_over_epochs(
    by_timestep: Sequence[Sequence[float]] | np.ndarray, epochs: int, theme: ThemeName
) -> go.Figure:
    """The fraction read correctly after each timestep, after each epoch: (epochs done, timesteps).

    `epochs` are planned in all. Many epochs share columns, as means of neighbours.
    """
    fractions = np.asarray(by_timestep, float)
    done, timesteps = fractions.shape
    edges, means = _columns(fractions)
    hover = f"epoch %{{x:.0f}}, after {unit_of(timesteps)} %{{y}}: %{{z}}% right<extra></extra>"
    shown = epochs_shown(done, epochs)
    look = {"zmin": 100 / CLASSES, "hovertemplate": hover}
    return _map_over_epochs(
        means.T, edges, scale="right", shown=shown, epochs=epochs, theme=theme, **look
    )


def digit_over_epochs(
    epochs: Sequence[int],
    probabilities: np.ndarray,
    *,
    digit: int,
    chosen: tuple[int, int],
    planned: int,
    theme: ThemeName,
) -> go.Figure:
    """How likely one image is found to be `digit`, after each timestep and each of these `epochs`.

    probabilities: (epochs, timesteps, 10). The epoch and the timestep `chosen` are marked;
    `planned` are so many epochs.
    """
    timesteps, last = probabilities.shape[1], epochs[-1]
    shown = epochs_shown(last, planned)
    middles = (np.array(epochs[1:]) + np.array(epochs[:-1])) / 2
    edges = np.array([0.5, *middles, last + 0.5], np.float32)
    hover = f"after {unit_of(timesteps)} %{{y}}: {digit} at %{{z}}%, it would say %{{customdata}}"
    answers = probabilities.argmax(-1).T.astype(np.uint8)
    look = {"zmin": 0, "hovertemplate": f"{hover}<extra></extra>", "customdata": answers}
    likely = probabilities[..., digit].T
    figure = _map_over_epochs(
        likely, edges, scale="", shown=shown, epochs=planned, theme=theme, **look
    )
    half = max(0.5, shown / 120)
    epoch, timestep = chosen
    frame = {"type": "rect", "x0": epoch - half, "x1": epoch + half, "y0": 0.5}
    scan = {"type": "line", "x0": 0.5, "x1": shown + 0.5, "y0": timestep + 0.5}
    figure.layout.shapes = [
        frame | {"y1": timesteps + 0.5, "line": {"color": PALETTES[theme].ghost, "width": 3}},
        scan | {"y1": timestep + 0.5, "line": {"color": PALETTES[theme].scan, "width": 3}},
    ]
    title = {"text": f"How likely it finds {digit}", "x": 0, "xref": "paper", "y": 0.98}
    return figure.update_layout(title={**title, "font": {"size": 16}}, margin={"t": 34})


def epochs_shown(done: int, epochs: int) -> int:
    """Where the horizontal axis ends: it grows in leaps, so that few epochs fill it as well."""
    leaps = (factor * 10**power for power in range(4) for factor in (1, 2, 5))
    return max(done, min(epochs, next(leap for leap in leaps if leap >= done)))


def _map_over_epochs(
    fractions: np.ndarray,
    edges: np.ndarray,
    *,
    scale: str,
    shown: int,
    epochs: int,
    theme: ThemeName,
    **look: Any,
) -> go.Figure:
    """Fractions (timesteps, columns) from the top to the bottom, over epochs 1 to `shown`.

    The edges (columns + 1,) of the columns are in epochs. At the right is a scale in percent.
    """
    palette, timesteps = PALETTES[theme], len(fractions)
    axis = grid_axis(palette, 14) | {"showgrid": False}
    text = axis["tickfont"]
    planned = f" (of {epochs})" if shown < epochs else ""
    ticks = (1, 7, 14, 21, 28) if timesteps == ROWS else range(ROWS, timesteps + 1, ROWS)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200) if shown <= 10 * step)
    epoch_ticks = range(1, shown + 1) if step == 1 else range(step, shown + 1, step)
    across = {
        "range": [0.5, shown + 0.5],
        "title": {"text": f"epoch{planned}", "font": text, "standoff": 4},
        "tickvals": list(epoch_ticks),
    }
    down = {
        "range": [timesteps + 0.5, 0.5],
        "title": {"text": f"after {unit_of(timesteps)}", "font": text, "standoff": 6},
        "tickvals": list(ticks),
    }
    margin = (52, 10, 12, 44)
    layout = see_through(palette, margin, xaxis=axis | across, yaxis=axis | down)
    figure = go.Figure(layout=layout)
    return figure.add_heatmap(
        # Whole percents in single bytes, of which a page can take many.
        z=np.rint(100 * fractions).astype(np.uint8),
        x=edges,
        y0=1,
        dy=1,
        zmax=100,
        colorscale=RIGHT,
        colorbar={
            "title": {"text": scale, "font": text},
            "ticksuffix": "%",
            "tickfont": text,
            "thickness": 16,
            "outlinewidth": 0,
            "xpad": 6,
            "ypad": 0,
        },
        **look,
    )


def _columns(fractions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges (columns + 1,) of the columns, in epochs, and means (columns, timesteps) in them."""
    done, timesteps = fractions.shape
    most = min(MOST_COLUMNS, max(1, MOST_CELLS // timesteps))
    starts = np.arange(0, done, -(-done // most))
    ends = np.append(starts, done)
    means = np.add.reduceat(fractions, starts) / np.diff(ends)[:, None]
    return ends.astype(np.float32) + 0.5, means
