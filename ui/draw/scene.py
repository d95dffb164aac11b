"""What the views of the Draw page show: one digit, and the readers that read it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnist_rnn.analysis.units import order_by_vote
from mnist_rnn.errors import UserError
from mnist_rnn.figures.palette import ThemeName
from mnist_rnn.figures.panels import Reading
from mnist_rnn.network.catalog import Entry
from mnist_rnn.network.reader import Reader
from ui import notice
from ui.digit import Digit
from ui.stored import stored_reader

MOST_READERS = 3


@dataclass(frozen=True)
class Words:
    """What is said of a scene: a title, a line below it, and where one may go on from it.

    ways: "first" if nothing but the picture is shown yet, "lesson" in a lesson, else nothing.
    go_on: called with the way that was taken.
    """

    title: str
    lede: str
    ways: str
    go_on: Callable[[str], None]


@dataclass(frozen=True)
class Scene:
    """One digit, and the readers that read it, from left to right."""

    digit: Digit
    entries: list[Entry]
    readers: list[Reader]
    theme: ThemeName
    words: Words

    @property
    def image(self) -> np.ndarray:
        """(28, 28) uint8."""
        return self.digit.image

    @cached_property
    def readings(self) -> list[Reading]:
        """Of each reader; the stage reads in the browser and has no use for them."""
        pairs = zip(self.entries, self.readers, strict=True)
        return [read(self.image, entry, reader) for entry, reader in pairs]


def usable(entries: list[Entry]) -> list[tuple[Entry, Reader]]:
    """The entries with their readers; one that can't be used gets a sentence."""
    readers = []
    for entry in entries:
        try:
            readers.append((entry, stored_reader(entry.path)))
        except UserError as problem:
            notice.warning(f"{entry.title}: {problem}")
    return readers


def read(image: np.ndarray, entry: Entry, reader: Reader) -> Reading:
    """What the figures need of one reader's reading of an image (28, 28)."""
    order = order_by_vote(reader.tensors["head.kernel"])
    return Reading(entry.title, reader.config, reader.read(image), order)
