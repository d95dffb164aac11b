"""The readers that ship with the project, and what readers are called."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mnist_rnn.config import LAYERS, READING_HEADS, ModelConfig
from mnist_rnn.errors import UserError
from mnist_rnn.files import Stamp, read_at_most, read_when_changed
from mnist_rnn.network import weights
from mnist_rnn.presets import PRESETS

SHIPPED = Path(__file__).parents[2] / "weights"
OPENING = ("rnn-many_to_one-classroom", "rnn-many_to_many-classroom")

_CLASSROOM = "-classroom"
_UNSAID = {"classroom", "rows"}
_ORDERS = {"map_major": "map by map", "row_major": "row by row"}


@dataclass(frozen=True)
class Entry:
    """A reader that can be chosen: `title` names it on pages and in links, `key` in code."""

    key: str
    title: str
    path: Path


# One network that ships for each way of wiring input to output, by head.
WIRINGS = {
    PRESETS[key].model.head: Entry(key, PRESETS[key].title, SHIPPED / f"{key}.safetensors")
    for key in ("one_to_one-classroom", "one_to_many-classroom", *OPENING)
}


def shipped(folder: Path = SHIPPED) -> list[Entry]:
    """Those that read row by row in a folder of weights: plain RNNs, gated ones, convolutions.

    Those of the classroom, which are trained to read what people draw, come before all others.
    Whatever the files are called, it is what is in them that counts.
    """
    ranked = sorted(
        (path.stem for path in folder.glob("*.safetensors") if not _why_left_out(path)),
        key=lambda stem: (
            not stem.endswith(_CLASSROOM),
            stem.startswith("cnn"),
            not stem.startswith("rnn"),
            "many_to_many" in stem,
            stem,
        ),
    )
    return [Entry(stem, title_of(stem), folder / f"{stem}.safetensors") for stem in ranked]


def left_out(folder: Path = SHIPPED) -> list[str]:
    """A sentence on each file of a folder of weights that is none of `shipped`, but for WIRINGS."""
    ours = {entry.path.name for entry in WIRINGS.values()}
    files = sorted(path for path in folder.glob("*.safetensors") if path.name not in ours)
    return list(filter(None, map(_why_left_out, files)))


def _why_left_out(path: Path) -> str:
    """Why a file is of no reader of rows, in a sentence; empty if it is of one."""
    try:
        return _why_unfit(path)
    except OSError as error:
        return f"In {path.parent.name}: {path.name} can't be read now: {error.strerror}."


@read_when_changed
@lru_cache(maxsize=256)
def _why_unfit(path: Path, _stamped: Stamp) -> str:
    """The same of what is in the file; raises OSError, which is not kept, if that can't be read."""
    try:
        _, card = weights.parse(read_at_most(path, weights.LARGEST_FILE_BYTES), path.name)
    except UserError as problem:
        return (
            f"In {path.parent.name}: {problem} If it was trained elsewhere, bring it in by "
            "python -m mnist_rnn import."
        )
    if card.model.head not in READING_HEADS:
        return f"In {path.parent.name}: {path.name} does not read a digit row by row."
    return ""


def model_title(config: ModelConfig) -> str:
    """What a network is called: its layers and its head."""
    title = "Dense" if config.head == "one_to_one" else LAYERS[config.cell].removeprefix("Simple")
    if config.backbone == "cnn_rnn":
        title = f"CNN+{title} {_ORDERS[config.order]}"
    return f"{title}, {config.head.replace('_', '-')}"


def title_of(stem: str) -> str:
    """What the reader in a file of this name, without its ending, is called.

    A file that is none of the presets' is called by its own name.
    """
    if stem not in PRESETS:
        return stem
    *_, kind = stem.split("-", 2)
    title = model_title(PRESETS[stem].model)
    return title if kind in _UNSAID else f"{title}, {kind.replace('_', ' ')}"
