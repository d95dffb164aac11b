"""Digits as a strip of little images, what has not been read of them dimmed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

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
