"""Digits as a strip of little images, what has not been read of them dimmed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.units import Recipe
from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.figures.layout import QUIET, Note, image_map, note, side_by_side
from mnist_rnn.figures.palette import Palette

GAP_PIXELS, DIM = 3, 0.33


@dataclass(frozen=True)
class Tiles:
    """Digits side by side: images (n, 28, 28) uint8 and a caption for each."""

    title: str
    images: np.ndarray
    captions: Sequence[str]


def tile_strip(images: np.ndarray, rows_read: int) -> np.ndarray:
    """Images (n, 28, 28) uint8 side by side, (28, n * 31 - 3), dim below the rows read."""
    dimmed = images.copy()
    dimmed[:, rows_read:] = (dimmed[:, rows_read:] * DIM).astype(np.uint8)
    return side_by_side(dimmed, GAP_PIXELS)


def draw_tiles(
    figure: go.Figure, axis: int, tiles: Tiles, rows_read: int, palette: Palette
) -> None:
    """Add tiles to the figure's axes x<axis> and y<axis>, whose domains are already set.

    Their notes are added by the caller, all at once: Plotly checks every annotation of a figure
    again for each one that is added.
    """
    strip = tile_strip(tiles.images, rows_read)
    x, y = f"x{axis}", f"y{axis}"
    figure.add_heatmap(**image_map(strip, palette, xaxis=x, yaxis=y))
    hidden = {**QUIET, "showticklabels": False}
    figure.layout[f"xaxis{axis}"].update(hidden, anchor=y, range=[-0.5, strip.shape[1] - 0.5])
    figure.layout[f"yaxis{axis}"].update(
        hidden,
        anchor=x,
        range=[ROWS - 0.5, -0.5],
        scaleanchor=x,
        constrain="domain",
        constraintoward="top",
    )


def tile_notes(axis: int, tiles: Tiles, palette: Palette) -> list[Note]:
    """The annotations of tiles on x<axis> and y<axis>: title above, a caption below each."""
    x, y = f"x{axis}", f"y{axis}"
    corner = {"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"}
    below = {"xref": x, "yref": y, "y": ROWS - 0.5, "yanchor": "top"}
    middles = np.arange(len(tiles.captions)) * (COLUMNS + GAP_PIXELS) + (COLUMNS - 1) / 2
    return [
        note(tiles.title, 15, palette.text, xref=f"{x} domain", yref=f"{y} domain", **corner),
        *(
            note(text, 15, palette.text, x=middle, **below)
            for text, middle in zip(tiles.captions, middles, strict=True)
        ),
    ]


@dataclass(frozen=True)
class Portrait:
    """What the figure shows of one unit after a row, of `timestep` + 1 timesteps read.

    name: what the unit is called.
    sequence: (timesteps, features), what the reader reads; `of_pixels` if it is the image.
    values: (timesteps,), the unit's value after each timestep.
    input_weights: (features,), what it multiplies the sequence with.
    heard: the names of the units it listens to, with their weights (k,) and their values
        (timesteps, k).
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


def moment_name(row: int, timesteps: int) -> str:
    """What ends at a row, from 1, of a reading: that row, or a timestep if there are more."""
    return f"row {row}" if timesteps == ROWS else f"timestep {row * timesteps // ROWS}"
