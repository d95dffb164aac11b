"""The numbers that a lesson names: of the networks as they are, and of the test digits."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from mnist_rnn.analysis.blame import blame
from mnist_rnn.analysis.memories import stops
from mnist_rnn.analysis.wirings_answers import settled_at
from mnist_rnn.config import LAYERS, ROWS
from mnist_rnn.figures.layout import signed
from mnist_rnn.network.catalog import WIRINGS, shipped
from mnist_rnn.network.reader import Reader, Trace
from ui.lesson.file import NUMBER, Seen, name_and_row
from ui.stored import (
    accuracy_of_forgetful,
    evaluation_of,
    examples_of,
    stored_drawer,
    stored_reader,
)

_RANGE = re.compile(r"\D*(\d+)\D+(\d+)\D*")


@dataclass(frozen=True)
class Sums:
    """What the networks of a step, its `readers` from left to right, make of its digit.

    image: (28, 28) uint8 of class `label`, None if that is not known.
    """

    readers: tuple[Reader, ...]
    image: np.ndarray
    label: int | None

    @cached_property
    def traces(self) -> list[Trace]:
        return [reader.read(self.image) for reader in self.readers]

    def accuracy(self, place: int, row: int) -> float:
        """The share of the test digits that are right after a row."""
        by_timestep = evaluation_of(self.readers[place]).by_timestep
        return float(by_timestep[stops(len(by_timestep))[row - 1]])

    def forgetting(self, place: int, row: int) -> float:
        """The same at the end, if the memory is emptied after a row."""
        return accuracy_of_forgetful(self.readers[place], row)

    def loss(self, place: int, row: int) -> float:
        return self.accuracy(place, ROWS) - self.forgetting(place, row)

    def answer(self, place: int, row: int) -> int:
        answers = self.traces[place].answers
        return int(answers[stops(len(answers))[row - 1]])

    def settles(self, place: int) -> int:
        """The row since which the answer has been the last one."""
        answers = self.traces[place].answers
        return int(np.searchsorted(stops(len(answers)), settled_at(answers) - 1)) + 1

    def kept(self, place: int, row: int) -> float:
        """How much a change of memory after a row counts at the end, in shares of one then."""
        reader = self.readers[place]
        memory = blame(reader, self.image, reader.config.timesteps).memory
        return float(memory[stops(len(memory))[row - 1]])

    def unit(self, row: int) -> tuple[int, float, float]:
        """The first network's unit that a row changes most, from 0: its value before and after."""
        hidden = self.traces[0].hidden
        before, after = (hidden[row - 2] if row > 1 else 0 * hidden[0]), hidden[row - 1]
        unit = int(np.abs(after - before).argmax())
        return unit, float(before[unit]), float(after[unit])

    def name(self, place: int) -> str:
        """What sets a network apart: when it is asked or, where that is the same, its cell."""
        configs = [reader.config for reader in self.readers]
        if len({config.head for config in configs}) > 1:
            once = configs[place].head == "many_to_one"
            return "Asked once" if once else "Asked after every row"
        return LAYERS[configs[place].cell]


def _of_each(name: str, say: Callable[..., str]) -> dict[str, Callable[..., str]]:
    """What is said of the first network, and of the second."""
    names = (f"first {name}".strip(), f"second {name}".strip())
    return {name: partial(say, place=place) for place, name in enumerate(names)}


def _percent(share: float) -> str:
    """As many digits as say something: 48%, 0.3%; what rounds to nothing is said to be less."""
    if share >= 0.1:
        return f"{share:.0%}" if share < 0.9 else f"{share:.1%}"
    return f"{share:.1%}" if share >= 0.0005 else "less than 0.1%"


def _of_wiring(head: str) -> Callable[[Sums, int], str]:
    def say(_sums: Sums, row: int) -> str:
        if head == "one_to_many":
            return _percent(stored_drawer(WIRINGS[head].path).card.test_accuracy or 0)
        by_timestep = evaluation_of(stored_reader(WIRINGS[head].path)).by_timestep
        return _percent(float(by_timestep[stops(len(by_timestep))[row - 1]]))

    return say


# By name: the number as text. `row` is the row that stands behind the name, else the last.
NUMBERS: dict[str, Callable[[Sums, int], str]] = {
    "label": lambda sums, _row: "unknown" if sums.label is None else str(sums.label),
    **_of_each("", lambda sums, row, place: _percent(sums.accuracy(place, row))),
    **_of_each("says", lambda sums, row, place: str(sums.answer(place, row))),
    **_of_each(
        "right",
        lambda sums, row, place: "yes" if sums.answer(place, row) == sums.label else "no",
    ),
    **_of_each("settles", lambda sums, _row, place: str(sums.settles(place))),
    **_of_each("forgetting", lambda sums, row, place: _percent(sums.forgetting(place, row))),
    **_of_each("kept", lambda sums, row, place: _percent(sums.kept(place, row))),
    "better": lambda sums, row: sums.name(sums.accuracy(1, row) > sums.accuracy(0, row)),
    "suffers": lambda sums, row: sums.name(sums.loss(1, row) > sums.loss(0, row)),
    "keeps more": lambda sums, row: sums.name(sums.kept(1, row) > sums.kept(0, row)),
    "unit": lambda sums, row: str(sums.unit(row)[0] + 1),
    "unit before": lambda sums, row: signed(sums.unit(row)[1]),
    "unit after": lambda sums, row: signed(sums.unit(row)[2]),
    "unit goes": lambda sums, row: "up" if sums.unit(row)[2] > sums.unit(row)[1] else "down",
    **{head.replace("_", "-"): _of_wiring(head) for head in WIRINGS},
}


def with_numbers(text: str, sums: Sums) -> str:
    """The text with each {number} in its place."""

    def say(found: re.Match[str]) -> str:
        name, row = name_and_row(found[1])
        return NUMBERS[name](sums, row)

    return NUMBER.sub(say, text)


def right_answer(answers: tuple[str, ...], right: str) -> str:
    """Which of the answers `right` is: the same, or a range that it lies in, as in "1 to 7"."""
    number = re.fullmatch(r"([\d.]+)%?", right)
    for answer in answers:
        ends = _RANGE.fullmatch(answer)
        if number and ends and int(ends[1]) <= float(number[1]) <= int(ends[2]):
            return answer
    return right


def sums_of(seen: Seen, drawn: np.ndarray | None = None) -> Sums:
    """The sums for what is seen; `drawn` is what was drawn, (28, 28), if anything was.

    Raises UserError if a file of weights can't be used.
    """
    entries = {entry.key: entry for entry in shipped()}
    readers = tuple(stored_reader(entries[key].path) for key in seen.networks)
    if seen.digit is None and drawn is not None:
        return Sums(readers, drawn, None)
    digit, example = seen.digit or Seen.digit
    examples = examples_of(digit)
    return Sums(readers, examples[min(example, len(examples)) - 1], digit)
