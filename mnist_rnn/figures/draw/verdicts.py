"""What a reader does that may stop when it is sure, in large type."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.commitment import Commitment, Tradeoff
from mnist_rnn.config import ROWS
from mnist_rnn.figures.layout import above, note, plain
from mnist_rnn.figures.palette import Palette
from mnist_rnn.figures.panels import Reading

VERDICT_HEIGHT = 188


@dataclass(frozen=True)
class ReaderTiming:
    """When one reader knows.

    `commitment` is on the image of the `reading`. `by_timestep` (timesteps,) is the fraction of
    test images right after each timestep, `tradeoff` what comes of committing on each of them.
    """

    reading: Reading
    commitment: Commitment
    by_timestep: np.ndarray
    tradeoff: Tradeoff

    @property
    def unit(self) -> str:
        """What its timesteps are called."""
        return self.reading.unit

    def rows(self, steps: float | np.ndarray) -> float | np.ndarray:
        """Timesteps as a share of the sequence, stretched over the 28 rows of the image."""
        return steps * ROWS / self.reading.timesteps


def write_verdict(
    figure: go.Figure,
    timing: ReaderTiming,
    *,
    tested: str,
    pen: dict[str, Any],
    left: float,
    palette: Palette,
) -> None:
    """The reader's name, what it does with the image, and what that costs, above the plots.

    `tested` says which test images were counted, `pen` is how the reader's lines are drawn,
    `left` a share of the figure's width.
    """
    commitment, tradeoff, title = timing.commitment, timing.tradeoff, timing.reading.title
    unit, mine, neutral = timing.unit, pen["color"], palette.text
    # A long name has to fit above one of three readers.
    name_size = 18 if len(title) <= 28 else 14
    lines = (
        (0, f"<b>{plain(title)}</b>", name_size, mine),
        (24, f"<b>{commitment.answer}</b> after {unit} {commitment.steps}", 36, mine),
        (71, _saving(timing), 16, neutral),
        (92, f"<b>{tradeoff.accuracy:.1%}</b> right this early", 24, neutral),
        (121, f"<b>{timing.by_timestep[-1]:.1%}</b> right after all {unit}s", 24, neutral),
        (152, f"{tested}, early: {tradeoff.mean_steps:.1f} {unit}s on average", 16, neutral),
    )
    for down, text, size, colour in lines:
        place = above(left, VERDICT_HEIGHT + 18 - down) | {"yanchor": "top"}
        # The name leaves room for a sample of the reader's line.
        figure.add_annotation(note(text, size, colour, **place, xshift=0 if down else 44))
    across = {"xref": "paper", "xsizemode": "pixel", "xanchor": left, "x0": 0, "x1": 38}
    height = VERDICT_HEIGHT + 4
    level = {"yref": "paper", "ysizemode": "pixel", "yanchor": 1, "y0": height, "y1": height}
    figure.add_shape(type="line", **across, **level, line={**pen, "width": 4})


def _saving(timing: ReaderTiming) -> str:
    commitment = timing.commitment
    if not commitment.reached:
        return f"never that sure: it reads all {commitment.timesteps} {timing.unit}s"
    trained = timing.reading.trained[commitment.steps - 1]
    untrained = "" if trained else "; never trained to answer there"
    return f"saves <b>{commitment.saved}</b> of {commitment.timesteps} {timing.unit}s{untrained}"
