"""What one unit weighs: the input and the memory over the rows, their weights, the value.

Panels of the unit's figure that share its vertical axis, the rows of the digit.
"""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.sentences import moment_name
from mnist_rnn.analysis.units import Recipe
from mnist_rnn.config import ROWS
from mnist_rnn.figures.draw.tiles import Tiles
from mnist_rnn.figures.layout import Note, heat, note
from mnist_rnn.figures.palette import ColourScale, Palette

UNREAD_OPACITY = 0.13


@dataclass(frozen=True)
class Portrait:
    """What the figure of one unit shows after a row, of `timestep` + 1 timesteps read.

    name: what the unit is called.
    sequence: (timesteps, features), what the reader reads; `of_pixels` if it is the image.
    values: (timesteps,), the unit's value after each timestep.
    input_weights: (features,), what it multiplies the sequence with.
    heard: the names of the units it listens to, with their weights (k,) and their values
        (timesteps, k).
    reach: how far from 0 the values of all units go: 1, but for units without bounds.
    votes: (10,), what a value of 1 adds to each class; `votes_trained` if the head was trained
        at this timestep.
    recipe: what its new content at this timestep is made of.
    gated: its value is more than the new content.
    most, least: digits that excite it most and least after this row, read down to `rows_read`.
    """

    name: str
    row: int
    timestep: int
    sequence: np.ndarray
    of_pixels: bool
    values: np.ndarray
    input_weights: np.ndarray
    heard: tuple[str, ...]
    heard_weights: np.ndarray
    heard_values: np.ndarray
    reach: float
    votes: np.ndarray
    votes_trained: bool
    recipe: Recipe
    gated: bool
    most: Tiles
    least: Tiles
    rows_read: int

    @property
    def moment(self) -> str:
        """What has just been read."""
        return moment_name(self.row, len(self.values))


def draw_weighed(figure: go.Figure, portrait: Portrait, palette: Palette) -> None:
    """What is read and the units it listens to, and under the row their weights and products."""
    brightest = float(np.abs(portrait.sequence).max()) or 1.0
    _draw_weighed(
        figure,
        "x",
        portrait,
        palette,
        values=portrait.sequence,
        weights=portrait.input_weights,
        inputs=portrait.sequence[portrait.timestep],
        colours=palette.ink if portrait.of_pixels else palette.signed,
        limits=(0.0 if portrait.of_pixels else -brightest, brightest),
        hover="reads %{z:.2f}<extra></extra>",
    )
    # What it hears is the memory of the timestep before.
    nothing = np.zeros(len(portrait.heard), np.float32)
    _draw_weighed(
        figure,
        "x2",
        portrait,
        palette,
        values=portrait.heard_values,
        weights=portrait.heard_weights,
        inputs=portrait.heard_values[portrait.timestep - 1] if portrait.timestep else nothing,
        colours=palette.signed,
        limits=(-portrait.reach, portrait.reach),
        hover="value %{z:.2f}<extra></extra>",
    )


def _draw_weighed(
    figure: go.Figure,
    axis: str,
    portrait: Portrait,
    palette: Palette,
    *,
    values: np.ndarray,
    weights: np.ndarray,
    inputs: np.ndarray,
    colours: ColourScale,
    limits: tuple[float, float],
    hover: str,
) -> None:
    """Values (timesteps, columns) over the rows, what has not been read faint; and two bands under
    the scan line: the weights, and the weights times the inputs they meet.
    """
    height, read = ROWS / len(values), portrait.timestep + 1
    for part, first, opacity in ((values[:read], 0, 1.0), (values[read:], read, UNREAD_OPACITY)):
        if len(part):
            figure.add_heatmap(
                **heat(part.astype(np.float32), colours, limits, hovertemplate=hover),
                y0=(first + 0.5) * height,
                dy=height,
                xaxis=axis,
                yaxis="y",
                opacity=opacity,
            )
    # A few large weights, often of pixels that never hold ink, must not make the others pale.
    reach = float(np.quantile(np.abs(weights), 0.9)) or 1.0
    # The largest input there can be times a weight has the weight's colour.
    bands = (
        (weights, reach, 0.5, "weight %{z:.2f}<extra></extra>"),
        (weights * inputs, reach * limits[1], 2.9, "weight × input %{z:.2f}<extra></extra>"),
    )
    for band, limit, below, hover_band in bands:
        strip = band[None].astype(np.float32)
        top = portrait.row + below
        figure.add_heatmap(
            **heat(strip, palette.signed, (-limit, limit), hovertemplate=hover_band),
            y=[top, top + 2],
            xaxis=axis,
            yaxis="y",
        )


def strip_notes(row: int, palette: Palette) -> list[Note]:
    """What the bands under the scan line are, beside those of both panels."""
    beside = {"x": 1, "xanchor": "left", "yref": "y"}
    return [
        note(text, 14, palette.text, **beside, xref=f"{axis} domain", y=row + below)
        for axis in ("x", "x2")
        for text, below in ((" weights", 1.5), (" × input", 3.9))
    ]


def draw_values(figure: go.Figure, portrait: Portrait, palette: Palette) -> None:
    height = ROWS / len(portrait.values)
    read = np.arange(len(portrait.values)) <= portrait.timestep
    figure.add_bar(
        x=portrait.values.astype(np.float32),
        y=(np.arange(len(portrait.values)) + 0.5) * height,
        width=height,
        orientation="h",
        marker={
            "color": portrait.values.astype(np.float32),
            "colorscale": palette.signed,
            "cmin": -portrait.reach,
            "cmax": portrait.reach,
            "opacity": np.where(read, 1, UNREAD_OPACITY),
            "line": {"width": 0},
        },
        xaxis="x3",
        yaxis="y",
        hovertemplate="%{x:.2f}<extra></extra>",
    )
