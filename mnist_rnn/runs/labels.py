"""What people say of a run: its name, their notes, and whether it is published.

Kept in `label.json` in the run's folder. The text comes from anyone, so that it is made harmless
whenever it is read: limited in length, and free of characters that can't be seen.
"""

import dataclasses
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mnist_rnn.errors import UserError
from mnist_rnn.files import read_json, replace_json, stamp

LONGEST_NAME, LONGEST_NOTE = 60, 2000
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Label:
    """`name` is one line, empty if none was given; `note` may be several."""

    name: str = ""
    note: str = ""
    published: bool = False


def read_label(folder: Path) -> Label:
    """The label of a run's folder; an empty one if it is missing or damaged."""
    path = folder / "label.json"
    changed = stamp(path)
    return _read_label(path, changed) if changed else Label()


@lru_cache(maxsize=4096)
def _read_label(path: Path, changed: tuple[int, ...]) -> Label:
    stored = read_json(path)
    name, note = stored.get("name", ""), stored.get("note", "")
    if not (isinstance(name, str) and isinstance(note, str)):
        return Label()
    return Label(one_line(name), lines(note), stored.get("published") is True)


def write_label(folder: Path, label: Label) -> None:
    """Keep a label, made harmless; raises UserError if the disk fails or the run is gone."""
    label = Label(one_line(label.name), lines(label.note), label.published)
    try:
        replace_json(folder / "label.json", dataclasses.asdict(label))
    except OSError as error:
        raise UserError(f"That can't be kept with the run: {error.strerror}.") from error


def one_line(text: str) -> str:
    """Text as a name: one line of visible characters, at most LONGEST_NAME of them."""
    return " ".join(_visible(text[: 10 * LONGEST_NAME]).split())[:LONGEST_NAME].rstrip()


def lines(text: str) -> str:
    """Text as a note: lines of visible characters, at most LONGEST_NOTE characters in all."""
    kept = [_visible(line).rstrip() for line in text[:LONGEST_NOTE].splitlines()]
    return "\n".join(kept).strip()


def _visible(text: str) -> str:
    """Without control characters, marks that turn the direction of writing, and half characters."""
    return "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or character in _JOINERS
        or not unicodedata.category(character).startswith("C")
    )
