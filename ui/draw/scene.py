"""What the views of the Draw page show: one image, and the readers that read it."""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.analysis.units import order_by_vote
from mnist_rnn.errors import UserError
from mnist_rnn.figures.palette import ThemeName
from mnist_rnn.figures.reading import Reading
from mnist_rnn.network.catalog import Entry
from mnist_rnn.network.reader import Reader
from ui import notice
from ui.page import current_theme
from ui.stored import shared_test_digits, stored_reader

MOST_READERS = 3
OPENING_DIGIT, OPENING_EXAMPLE = 5, 266


@dataclass(frozen=True)
class Scene:
    """One image (28, 28) uint8, its readings from left to right, and the readers they are of."""

    image: np.ndarray
    entries: list[Entry]
    readers: list[Reader]
    readings: list[Reading]
    theme: ThemeName


def look(image: np.ndarray, entries: list[Entry]) -> Scene:
    """The image as every chosen reader reads it; one that can't be used gets a sentence."""
    scene = Scene(image, [], [], [], current_theme())
    for entry in entries:
        try:
            reader = stored_reader(entry)
        except UserError as problem:
            notice.warning(f"{entry.title}: {problem}")
            continue
        scene.entries.append(entry)
        scene.readers.append(reader)
        scene.readings.append(read(image, entry, reader))
    return scene


def read(image: np.ndarray, entry: Entry, reader: Reader) -> Reading:
    """What the figures need of one reader's reading of an image (28, 28)."""
    order = order_by_vote(reader.tensors["head.kernel"])
    return Reading(entry.title, reader.config, reader.read(image), order)


def examples_of(digit: int) -> np.ndarray:
    """All test images of one class, (n, 28, 28) uint8."""
    digits = shared_test_digits()
    return digits.images[digits.labels == digit]
