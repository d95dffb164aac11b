"""The heat maps of the reading figure: the image, and what each reader makes of it."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.analysis.sentences import percent, sentences
from mnist_rnn.config import CLASSES, ROWS, ModelConfig
from mnist_rnn.figures.layout import Span, heat, panel_axis
from mnist_rnn.figures.palette import ColourScale, Palette
from mnist_rnn.network.cells import cell_of, reach
from mnist_rnn.network.reader import Trace

# From this many percent on, a probability is written in its cell.
LEGIBLE_PERCENT = 10


@dataclass(frozen=True)
class Reading:
    """One reader's trace of the image, and what the figure says of the reader.

    `unit_order` (units,) is the order in which hidden units are drawn.
    """

    title: str
    config: ModelConfig
    trace: Trace
    unit_order: np.ndarray

    @property
    def timesteps(self) -> int:
        return len(self.trace.hidden)

    @property
    def unit(self) -> str:
        """What its timesteps are called, as the stage says it."""
        return "row" if self.timesteps == ROWS else "step"

    @property
    def trained(self) -> np.ndarray:
        """Where the head was trained to answer, (timesteps,) bool."""
        return (self.config.head == "many_to_many") | (
            np.arange(1, self.timesteps + 1) == self.timesteps
        )

    def sentences(self, most: int = 2) -> list[tuple[str, str]]:
        """What each timestep did to the answer, in halves, with so many risers and fallers."""
        empty = np.all(self.trace.sequence == 0, axis=1)
        return sentences(self.trace.probabilities, empty, self.trained, self.unit, most)


@dataclass(frozen=True)
class Layer:
    """Values (timesteps, columns) in one colour scale; nan leaves a cell empty."""

    values: np.ndarray
    colours: ColourScale
    limits: tuple[float, float]
    hover: str
    texts: np.ndarray | None = None


@dataclass(frozen=True)
class Panel:
    """Layers on one horizontal axis. `width` is relative to the other panels of the figure."""

    title: str
    layers: tuple[Layer, ...]
    width: float
    ticks: tuple[str, ...] = ()


def image_panel(image: np.ndarray, palette: Palette, title: str = "what the network sees") -> Panel:
    """An image (28, 28) uint8, such as the one that all readers get."""
    hover = "row %{customdata}, column %{x}: ink %{z}<extra></extra>"
    return Panel(title, (Layer(image, palette.ink, (0, 255), hover),), width=30)


def hidden_panel(hidden: np.ndarray, limit: float, palette: Palette) -> Panel:
    """Hidden states (timesteps, units), whose values go as far from 0 as the limit."""
    hover = "after timestep %{customdata}: hidden unit at %{z:.2f}<extra></extra>"
    layer = Layer(hidden, palette.signed, (-limit, limit), hover)
    return Panel(f"hidden state ({hidden.shape[1]} units)", (layer,), width=34)


def reading_panels(reading: Reading, palette: Palette) -> list[Panel]:
    """From left to right: the feature maps if there are any, hidden state, probabilities."""
    config, sequence = reading.config, reading.trace.sequence
    hidden = reading.trace.hidden[:, reading.unit_order]
    limit = reach(cell_of(config), hidden)
    panels = [hidden_panel(hidden, limit, palette), _probability_panel(reading, palette)]
    if config.backbone == "cnn_rnn":
        limit = float(np.abs(sequence).max()) or 1.0
        hover = "timestep %{customdata}: feature %{z:.2f}<extra></extra>"
        maps = Layer(sequence, palette.signed, (-limit, limit), hover)
        panels.insert(0, Panel(f"{config.filters} feature maps", (maps,), width=24))
    return panels


def _probability_panel(reading: Reading, palette: Palette) -> Panel:
    """Probabilities in colour where the head was trained, in grey where it never was."""
    percent = 100 * reading.trace.probabilities
    trained = reading.trained
    layers = [
        Layer(
            values=np.where(rows[:, None], percent, np.nan),
            colours=colours,
            limits=(0, 100),
            hover="after timestep %{customdata}: digit %{x} at %{z:.0f}%"
            + note
            + "<extra></extra>",
            texts=_percentages(percent, rows),
        )
        for rows, colours, note in (
            (trained, palette.probability, ""),
            (~trained, palette.untrained, "<br>(never trained to answer here)"),
        )
        if rows.any()
    ]
    title = "probability, %"
    return Panel(title, tuple(layers), width=27, ticks=tuple(map(str, range(CLASSES))))


def _percentages(percent: np.ndarray, rows: np.ndarray) -> np.ndarray | None:
    """What is written in the cells; 224 rows are too low to write in."""
    if len(percent) > ROWS:
        return None
    written = (percent >= LEGIBLE_PERCENT) & rows[:, None]
    return np.where(written, np.rint(percent).astype(int).astype(str), "")


def large_answer(probabilities: np.ndarray) -> str:
    """The likeliest of ten classes, and how likely it is."""
    return f"<b>{probabilities.argmax()}</b>, {percent(probabilities.max())} sure"


def answer_with_share(probabilities: np.ndarray, remark: str = "") -> str:
    """The likeliest of ten classes, and in smaller type how likely it is, and a remark."""
    share = f"<span style='font-size:18px'> {percent(probabilities.max())}{remark}</span>"
    return f"<b>{probabilities.argmax()}</b>{share}"


def draw_panel(figure: go.Figure, number: int, panel: Panel, span: Span, palette: Palette) -> None:
    """Add a panel on horizontal axis `number`; `span` is its share of the figure's width."""
    for layer in panel.layers:
        values = layer.values
        timesteps, columns = values.shape
        height, steps = ROWS / timesteps, np.arange(1, timesteps + 1, dtype=np.uint16)
        shown = values if values.dtype == np.uint8 else values.astype(np.float32)
        figure.add_heatmap(
            **heat(shown, layer.colours, layer.limits),
            y0=height / 2,
            dy=height,
            xaxis=f"x{number}",
            yaxis="y",
            hoverongaps=False,
            customdata=np.repeat(steps[:, None], columns, 1),
            hovertemplate=layer.hover,
            text=layer.texts,
            texttemplate=None if layer.texts is None else "%{text}",
            textfont={"size": 11},
        )
    figure.layout[f"xaxis{number}"] = panel_axis(
        span,
        panel.title,
        palette,
        tickvals=list(range(len(panel.ticks))),
        ticktext=panel.ticks,
        tickfont={"size": 15, "color": palette.text},
    )
