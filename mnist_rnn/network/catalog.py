"""The readers that ship with the project, and what readers are called."""

from dataclasses import dataclass
from pathlib import Path

from mnist_rnn.config import READING_HEADS, ModelConfig
from mnist_rnn.presets import PRESETS

SHIPPED = Path(__file__).parents[2] / "weights"
OPENING = ("rnn-many_to_one-classroom", "rnn-many_to_many-classroom")

_CLASSROOM = "-classroom"
_UNSAID = {"classroom", "rows"}
_CELLS = {"simple_rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
_ORDERS = {"map_major": "map by map", "row_major": "row by row"}


@dataclass(frozen=True)
class Entry:
    """A reader that can be chosen: `title` names it on pages and in links, `key` in code."""

    key: str
    title: str
    path: Path


# One network that ships for each way of wiring input to output, by head.
WIRINGS = {
    head: Entry(key, PRESETS[key].title, SHIPPED / f"{key}.safetensors")
    for head, key in (
        ("one_to_one", "one_to_one-classroom"),
        ("one_to_many", "one_to_many-classroom"),
        ("many_to_one", "rnn-many_to_one-classroom"),
        ("many_to_many", "rnn-many_to_many-classroom"),
    )
}


def shipped(folder: Path = SHIPPED) -> list[Entry]:
    """Those that read row by row in a folder of weights: plain RNNs, gated ones, convolutions.

    Those of the classroom, which are trained to read what people draw, come before all others.
    Files are called network-head-kind, as in rnn-many_to_one-2016.safetensors or
    lstm-many_to_one-10_epochs.safetensors. Networks with other heads are left out.
    """
    stems = (
        path.stem
        for path in folder.glob("*.safetensors")
        if any(head in path.stem for head in READING_HEADS)
    )
    ranked = sorted(
        stems,
        key=lambda stem: (
            not stem.endswith(_CLASSROOM),
            stem.startswith("cnn"),
            not stem.startswith("rnn"),
            "many_to_many" in stem,
            stem,
        ),
    )
    return [Entry(stem, title_of(stem), folder / f"{stem}.safetensors") for stem in ranked]


def model_title(config: ModelConfig) -> str:
    """What a network is called: its layers and its head."""
    title = "Dense" if config.head == "one_to_one" else _CELLS[config.cell]
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
