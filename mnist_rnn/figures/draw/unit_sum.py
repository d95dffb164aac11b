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
from mnist_rnn.figures.layout import Note, note
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

    @property
    def heard_now(self) -> np.ndarray:
        """The memory that the unit hears at this timestep, that of the one before: (k,)."""
        if self.timestep == 0:
            return np.zeros(len(self.heard), np.float32)
        return self.heard_values[self.timestep - 1]


def draw_input(figure: go.Figure, portrait: Portrait, palette: Palette) -> None:
    """What is read, and under the row being read the weights and their products with it."""
    values = portrait.sequence
    reach = float(np.abs(values).max()) or 1.0
    _draw_read(
        figure,
        "x",
        values,
        portrait.timestep,
        colours=palette.ink if portrait.of_pixels else palette.signed,
        limits=(0.0 if portrait.of_pixels else -reach, reach),
        hover="reads %{z:.2f}<extra></extra>",
    )
    _draw_strip(
        figure,
        "x",
        portrait.row,
        palette,
        weights=portrait.input_weights,
        inputs=values[portrait.timestep],
        strength=reach,
    )


def draw_heard(figure: go.Figure, portrait: Portrait, palette: Palette) -> None:
    """The units it listens to, and under the row their weights and products."""
    _draw_read(
        figure,
        "x2",
        portrait.heard_values,
        portrait.timestep,
        colours=palette.signed,
        limits=(-portrait.reach, portrait.reach),
        hover="value %{z:.2f}<extra></extra>",
    )
    _draw_strip(
        figure,
        "x2",
        portrait.row,
        palette,
        weights=portrait.heard_weights,
        inputs=portrait.heard_now,
        strength=portrait.reach,
    )


def _draw_read(
    figure: go.Figure,
    axis: str,
    values: np.ndarray,
    timestep: int,
    *,
    colours: ColourScale,
    limits: tuple[float, float],
    hover: str,
) -> None:
    """Values (timesteps, columns) over the rows: what has been read, and the rest faint."""
    height = ROWS / len(values)
    for part, first, opacity in (
        (values[: timestep + 1], 0, 1.0),
        (values[timestep + 1 :], timestep + 1, UNREAD_OPACITY),
    ):
        if len(part):
            figure.add_heatmap(
                z=part.astype(np.float32),
                y0=(first + 0.5) * height,
                dy=height,
                xaxis=axis,
                yaxis="y",
                colorscale=colours,
                zmin=limits[0],
                zmax=limits[1],
                opacity=opacity,
                showscale=False,
                hovertemplate=hover,
            )


def _draw_strip(
    figure: go.Figure,
    axis: str,
    row: int,
    palette: Palette,
    *,
    weights: np.ndarray,
    inputs: np.ndarray,
    strength: float,
) -> None:
    """Two bands under the scan line: the weights, and the weights times what they meet.

    `strength` is the largest input there can be: that times a weight has the weight's colour.
    """
    # A few large weights, often of pixels that never hold ink, must not make the others pale.
    reach = float(np.quantile(np.abs(weights), 0.9)) or 1.0
    bands = (
        (weights, reach, 0.5, "weight %{z:.2f}<extra></extra>"),
        (weights * inputs, reach * strength, 2.9, "weight × input %{z:.2f}<extra></extra>"),
    )
    for values, limit, below, hover in bands:
        figure.add_heatmap(
            z=values[None].astype(np.float32),
            y=[row + below, row + below + 2],
            xaxis=axis,
            yaxis="y",
            colorscale=palette.signed,
            zmin=-limit,
            zmax=limit,
            showscale=False,
            hovertemplate=hover,
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
