"""A reading as one HTML file: the stage, the networks and the digit, to be opened from the disk."""

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from mnist_rnn.network.reader import Reader
from mnist_rnn.stage import FOLDER, network_message

_NEEDS_STREAMLIT = "component.js"
_IMPORTED = re.compile(r'(?<=from ")\.{1,2}/[^"]+(?=";)')


@dataclass(frozen=True)
class Network:
    """A network that is taken home: `title` names it, `means` are its `mean_memories`."""

    title: str
    reader: Reader
    means: np.ndarray


def page(
    networks: Sequence[Network], digit: Mapping[str, Any], row: int = 0, on: Sequence[str] = ()
) -> bytes:
    """The file, in UTF-8: networks from left to right, a `digit_message`, the row to open at.

    on: what of the stage is switched on. Networks are numbered: of a run only its title is told.
    """
    numbered = [(str(number), network) for number, network in enumerate(networks, 1)]
    told = {
        "networks": [
            {"name": name, "key": name, "title": network.title} for name, network in numbered
        ],
        **digit,
        "version": 0,
        "row": row,
        "turn": 0,
        "ways": "",
        "on": list(on),
        "answered": 0,
    }
    reading = {
        "modules": _packed(json.dumps(_modules()).encode()),
        "weights": [
            _packed(network_message(name, network.reader, network.means))
            for name, network in numbered
        ],
        "told": told,
    }
    # So that no title ends the script that it is in.
    text = json.dumps(reading).replace("<", r"\u003c")
    template = Template((FOLDER / "take_home.html").read_text(encoding="utf-8"))
    styles = (FOLDER / "styles.css").read_text(encoding="utf-8")
    return template.substitute(styles=styles, reading=text).encode()


@cache
def _modules() -> dict[str, str]:
    """The text of each module by the name that the others import it by, as an import map has it."""
    paths = [path for path in sorted(FOLDER.rglob("*.js")) if path.name != _NEEDS_STREAMLIT]
    return {_name(path): _with_names(path) for path in paths}


def _name(path: Path) -> str:
    return path.relative_to(FOLDER.parent).as_posix()


def _with_names(path: Path) -> str:
    """A module's text, in which `./` and `../` have become names."""

    def name(found: re.Match[str]) -> str:
        return _name((path.parent / found[0]).resolve())

    return _IMPORTED.sub(name, path.read_text(encoding="utf-8"))


def _packed(data: bytes) -> str:
    return b64encode(gzip.compress(data, mtime=0)).decode()
