"""The journey of a drawing through the memories of many digits, a map for each reader."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.memories import together
from mnist_rnn.figures.draw.memory_map import Journey, badges, boxed_answer, draw_crowd, draw_path
from mnist_rnn.figures.draw.tiles import draw_tiles, tile_notes
from mnist_rnn.figures.layout import QUIET, Note, note, plain, see_through
from mnist_rnn.figures.palette import PALETTES, Palette, ThemeName

GAP, STRIP_SHARE = 0.03, 0.2
# The size of a badge in shares of one map that fills the figure.
BADGE_WIDTH, BADGE_HEIGHT = 0.028, 0.09


def journey_figure(journeys: Sequence[Journey], row: int, theme: ThemeName = "light") -> go.Figure:
    """The maps of one to three readers after `row` (1 to 28) stops, each above its neighbours."""
    palette = PALETTES[theme]
    figure = go.Figure()
    notes: list[Note] = []
    width = (1 - GAP * (len(journeys) - 1)) / len(journeys)
    badge = np.array([BADGE_WIDTH * len(journeys), BADGE_HEIGHT])
    for number, journey in enumerate(journeys):
        left = number * (width + GAP)
        axis = 2 * number + 1
        _lay_out_axes(figure, axis, [left, min(1.0, left + width)], journey)
        suffix = axis if number else ""
        axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        groups = together(journey.centres, badge * np.ptp(journey.crowd[-1], axis=0))
        draw_crowd(figure, axes, journey, row, palette)
        draw_path(figure, axes, journey, row, palette)
        draw_tiles(figure, axis + 1, journey.neighbours, journey.rows_read, palette)
        notes += [
            *badges(axes, journey, [group for group in groups if len(group) <= 2], palette),
            boxed_answer(axes, journey, row, palette),
            *_captions(axes, journey, [group for group in groups if len(group) > 2], palette),
            *tile_notes(axis + 1, journey.neighbours, palette),
        ]
    return figure.update_layout(
        see_through(palette, (2, 30, 2, 26), showlegend=False), annotations=notes
    )


def _lay_out_axes(figure: go.Figure, axis: int, span: list[float], journey: Journey) -> None:
    """Axes for a map, with room for every row at once so that it stands still, and for tiles."""
    points = np.concatenate([journey.crowd.reshape(-1, 2), journey.path])
    low, high = points.min(0), points.max(0)
    margin = 0.04 * (high - low) + 1e-6
    ranges = np.stack([low - margin, high + margin], 1).tolist()
    domains = (span, [STRIP_SHARE + 0.06, 1])
    for name, other, domain, limits in zip("xy", "yx", domains, ranges, strict=True):
        place = {"domain": domain, "anchor": f"{other}{axis}", "range": limits}
        figure.layout[f"{name}axis{axis}"] = {**QUIET, **place, "showticklabels": False}
    figure.layout[f"xaxis{axis + 1}"] = {"domain": span}
    figure.layout[f"yaxis{axis + 1}"] = {"domain": [0, STRIP_SHARE]}


def _captions(
    axes: dict[str, str], journey: Journey, groups: Sequence[Sequence[int]], palette: Palette
) -> list[Note]:
    """Whose map it is, which classes have not parted on it, and how much it shows."""
    crowds = " · ".join(" ".join(map(str, group)) for group in groups)
    crowded = f"not yet separated: <b>{crowds}</b>" if crowds else ""
    shown = f"these two dimensions keep {journey.explained:.0%} of the variance"
    on_map = {"xref": f"{axes['xaxis']} domain", "yref": f"{axes['yaxis']} domain"}
    return [
        note(text, size, colour, **on_map, x=x, xanchor=xanchor, y=y, yanchor=yanchor)
        for text, (x, xanchor, y, yanchor), size, colour in (
            (f"<b>{plain(journey.title)}</b>", (0, "left", 1, "bottom"), 18, journey.colour),
            (crowded, (0, "left", 1, "top"), 16, palette.text),
            (shown, (1, "right", 0, "bottom"), 14, palette.muted),
        )
    ]
