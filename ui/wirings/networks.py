"""The four networks that ship, one for each wiring, put to work on one digit."""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.analysis import wirings_answers
from mnist_rnn.analysis.units import order_by_vote
from mnist_rnn.analysis.wirings_answers import TrueAnswer
from mnist_rnn.evaluation.drawings import LAST_JUDGE, judge
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.panels import Reading
from mnist_rnn.figures.wirings.stops import Drawn, Running, running_drawing, running_reading
from mnist_rnn.network.catalog import WIRINGS
from mnist_rnn.presets import PRESETS
from ui.draw.scene import read
from ui.page import current_theme
from ui.stored import stored_drawer, stored_reader

EARLY_ROW = 10


@dataclass(frozen=True)
class Task:
    """What the wirings work on: an image (28, 28) uint8 to read, and a digit to draw in a style.

    `style` (styles,) may be longer than what the network that draws takes.
    """

    image: np.ndarray
    digit: int
    style: np.ndarray


@dataclass(frozen=True)
class Work:
    """A wiring at work on a task, and what the question about it comes to."""

    running: Running
    outcome: TrueAnswer


def put_to_work(head: str, task: Task) -> Work:
    """Run the network that ships with this head; raises UserError if a file can't be used."""
    if head == "one_to_many":
        return _draw(task)
    reading = _reading(head, task.image)
    if head == "one_to_one":
        row_by_row = _reading("many_to_many", task.image)
        outcome = wirings_answers.who_can_answer(reading.trace, row_by_row.trace, EARLY_ROW)
    else:
        outcome = wirings_answers.when_it_settles(reading.trace)
    return Work(running_reading(task.image, reading, PALETTES[current_theme()]), outcome)


def _draw(task: Task) -> Work:
    drawer = stored_drawer(WIRINGS["one_to_many"].path)
    drawing = drawer.draw(task.digit, task.style[: drawer.config.styles])
    read_as = judge(LAST_JUDGE).read(drawing.image)
    order = order_by_vote(drawer.tensors["head.kernel"])
    drawn = Drawn(task.digit, drawing, order, PRESETS[LAST_JUDGE].title, read_as)
    outcome = wirings_answers.is_recognised(task.digit, read_as)
    return Work(running_drawing(drawn, PALETTES[current_theme()]), outcome)


def _reading(head: str, image: np.ndarray) -> Reading:
    entry = WIRINGS[head]
    return read(image, entry, stored_reader(entry.path))
