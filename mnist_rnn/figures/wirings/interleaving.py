"""A sequence of feature maps as it should be, and with its axes in the wrong order."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mnist_rnn.analysis.shapes import interleaved
from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.figures.layout import QUIET, heat, see_through, side_by_side
from mnist_rnn.figures.palette import PALETTES, ThemeName

_GAP = 4


def interleaving_figure(sequence: np.ndarray, theme: ThemeName) -> go.Figure:
    """The sequence (filters * 28, 28) of a network that goes map by map, above the wrong one.

    Both are cut into pieces of 28 timesteps, which stand beside each other.
    """
    palette = PALETTES[theme]
    figure = make_subplots(
        rows=2,
        subplot_titles=("<b>Permute, then Reshape</b>", "<b>Reshape alone</b>"),
        vertical_spacing=0.2,
    )
    text = {"size": 16, "color": palette.text}
    limit = float(np.abs(sequence).max())
    for row, values in enumerate((sequence, interleaved(sequence)), start=1):
        pieces = side_by_side(values.reshape(-1, ROWS, COLUMNS), _GAP, np.nan)
        drawn = heat(pieces, palette.signed, (-limit, limit), hoverinfo="skip")
        figure.add_heatmap(**drawn, row=row, col=1)
    starts = np.arange(0, len(sequence), ROWS)
    figure.update_xaxes(
        tickvals=starts // ROWS * (COLUMNS + _GAP) + (COLUMNS - 1) / 2,
        ticktext=[f"{start + 1}-{start + ROWS}" for start in starts],
        tickfont=text,
        **QUIET,
    )
    figure.update_xaxes(title={"text": "timesteps", "font": text, "standoff": 4}, row=2, col=1)
    figure.update_yaxes(autorange="reversed", showticklabels=False, **QUIET)
    figure.update_annotations(font={"size": 18, "color": palette.text}, x=0, xanchor="left")
    return figure.update_layout(see_through(palette, (0, 32, 0, 48)))
