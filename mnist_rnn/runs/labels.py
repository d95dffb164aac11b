"""What people say of a run: its name, their notes, who may watch it, and whether it is to stay.

Kept in `label.json` in the run's folder. The text comes from anyone, so that it is made harmless
whenever it is read: limited in length, and free of characters that can't be seen.
"""

import dataclasses
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mnist_rnn.errors import UserError
from mnist_rnn.files import read_json, replace_json
from mnist_rnn.runs.status import alone_with

LABEL = "label.json"
# Where older versions kept who may watch it and whether it is pinned.
MARKS = "marks.json"
LONGEST_NAME, LONGEST_NOTE = 60, 2000
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Label:
    """`name` is one line, empty if none was given; `note` may be several.

    `published`: on offer on the Draw page. `shared`: others may watch it, which they may unless its
    owner has said otherwise, as it shows curves and no names. `pinned`: nobody may delete it.
    """

    name: str = ""
    note: str = ""
    published: bool = False
    shared: bool = True
    pinned: bool = False


def read_label(folder: Path) -> Label:
    """The label of a run's folder; what is missing or damaged in it is as in an empty one.

    Raises OSError if a file can't be read.
    """
    stored = read_json(folder / LABEL)
    if not {"shared", "pinned"} <= stored.keys():
        stored = read_json(folder / MARKS) | stored
    usual = dataclasses.asdict(Label())
    kept: dict[str, Any] = {
        name: value if type(value := stored.get(name)) is type(default) else default
        for name, default in usual.items()
    }
    return _harmless(Label(**kept))


def change_label(folder: Path, **changes: Any) -> None:
    """Change fields of the label of the run in this folder; text is made harmless.

    Raises UserError if that can't be kept, as on a full disk or with a run that is gone.
    """
    with alone_with(folder):
        try:
            label = _harmless(dataclasses.replace(read_label(folder), **changes))
            replace_json(folder / LABEL, dataclasses.asdict(label))
        except OSError as error:
            raise UserError(f"That can't be kept with the run: {error.strerror}.") from error


def _harmless(label: Label) -> Label:
    return dataclasses.replace(label, name=one_line(label.name), note=lines(label.note))


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
