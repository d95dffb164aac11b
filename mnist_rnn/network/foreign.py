"""Weights that were trained elsewhere: which of this app's networks a safetensors file holds.

Keras calls a tensor by the path to its layer, as in `sequential/gru/gru_cell/kernel`; or they are
numbered, in the order of `model.get_weights()`. What each one is follows from that and its shape.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import numpy as np

from mnist_rnn.config import COLUMNS, READING_HEADS, ModelConfig
from mnist_rnn.errors import UserError
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card, Tensors

EXPORT = (
    'safetensors.numpy.save_file({v.path: v.numpy() for v in model.weights}, "mine.safetensors", '
    '{"head": "many_to_one"})'
)
# What no number of the file tells, and the file's metadata may.
SAID = ("head", "activation")
_CELLS = {1: "simple_rnn", 3: "gru", 4: "lstm"}
_PARTS = ("kernel", "recurrent_kernel", "bias")
_IN_ORDER = {
    len(names): names
    for names in (
        list(weights.shapes(ModelConfig())),
        list(weights.shapes(ModelConfig(backbone="cnn_rnn"))),
    )
}
# How a zip (Keras, PyTorch, NumPy), an HDF5 and a pickle file begin, and what they are called.
_MAY_RUN_CODE = (
    b"PK\x03\x04",
    b"\x89HDF\r\n\x1a\n",
    b"\x80\x02",
    b"\x80\x03",
    b"\x80\x04",
    b"\x80\x05",
)
_ENDINGS = (".keras", ".h5", ".hdf5", ".pkl", ".pickle", ".pt", ".pth", ".npz", ".npy")


@dataclass(frozen=True)
class Foreign:
    """Tensors by the names of `weights.shapes`, and what is known of their network.

    told: settings of the ModelConfig. unsaid: the names of those that have to be asked for.
    written: the card in the file, if it is one of this app's own.
    """

    name: str
    tensors: Tensors
    told: Mapping[str, Any]
    unsaid: tuple[str, ...] = ()
    written: Card | None = None

    def card(self, **said: str) -> Card:
        """The card of the network, with what was said of it in place of what the file tells.

        No accuracy is taken over. Raises UserError unless all is said, each tensor has the shape
        that it should have, and each number can be computed with.
        """
        if missing := [setting for setting in self.unsaid if setting not in said]:
            choices = ModelConfig.__dataclass_fields__[missing[0]].metadata["setting"].choices
            wanted = " or ".join(choices[:2])
            raise UserError(f"{self.name} does not say its {missing[0]}: say {wanted}.")
        try:
            model = ModelConfig.from_dict({**self.told, **said})
            if model.head not in READING_HEADS:
                raise UserError("it does not read an image row by row.")
            weights.check(self.tensors, model)
        except UserError as error:
            raise _unusable(self.name, error) from error
        known = self.written or Card(model)
        return replace(known, model=model, accuracy_by_timestep=None, accuracy_by_digit=None)


def recognised(data: bytes, name: str) -> Foreign:
    """What the bytes of a file called `name` hold.

    Raises UserError if it is no safetensors file, or not of a network like those of this app.
    """
    if data.startswith(_MAY_RUN_CODE) or PurePath(name).suffix.lower() in _ENDINGS:
        raise UserError(
            f"{name} is of a kind that can run code when it is loaded, so it is not opened here. "
            f"Export its weights in Keras: {EXPORT}"
        )
    tensors, metadata = weights.unpack(data, name)
    if {"format", "model"} <= metadata.keys():  # one of this app's own
        tensors, card = weights.parse(data, name)
        return Foreign(name, tensors, card.model.to_dict(), written=card)
    try:
        named = _numbered(tensors) if all(map(str.isdecimal, tensors)) else _by_layer(tensors)
        told = _told_by_shapes(named)
    except UserError as error:
        raise _unusable(name, error) from error
    said = {setting: metadata[setting] for setting in SAID if setting in metadata}
    asked = ("head", "activation") if told["backbone"] == "cnn_rnn" else ("head",)
    return Foreign(name, named, told | said, tuple(s for s in asked if s not in said))


def _unusable(name: str, why: UserError) -> UserError:
    return UserError(f"{name} is not a network that this app can read with: {why}")


def _numbered(tensors: Tensors) -> Tensors:
    """Tensors called 0, 1, ... as `model.get_weights()` has them, by what they are."""
    if len(tensors) not in _IN_ORDER:
        known = " or ".join(map(str, _IN_ORDER))
        raise UserError(f"it has {len(tensors)} tensors, they should be {known}.")
    in_order = [tensors[number] for number in sorted(tensors, key=_naturally)]
    return dict(zip(_IN_ORDER[len(tensors)], in_order, strict=True))


def _by_layer(tensors: Tensors) -> Tensors:
    """Tensors called by their layers, by what they are."""
    layers: dict[str, Tensors] = {}
    for path, tensor in tensors.items():
        *layer, part = re.split(r"[/.]", path.removesuffix(":0"))
        if part not in _PARTS:
            raise UserError(f"no layer that it may have has a tensor called {path!r:.60}.")
        if layer and layer[-1].endswith("cell"):
            layer.pop()
        known = layers.setdefault("/".join(layer), {})
        if part in known:
            raise UserError(f"it has two tensors called {path!r:.60}.")
        known[part] = tensor
    recurrent = [layer for layer, parts in layers.items() if "recurrent_kernel" in parts]
    if len(recurrent) != 1:
        raise UserError(f"it has {len(recurrent)} recurrent layers, there should be one.")
    others = sorted(layers.keys() - set(recurrent), key=_naturally)
    no_kernel = np.empty(0)
    convolutions = [x for x in others if layers[x].get("kernel", no_kernel).ndim == 4]
    # The first takes the image alone.
    convolutions.sort(key=lambda layer: layers[layer]["kernel"].shape[2])
    if len(convolutions) not in (0, 2):
        raise UserError(f"it has {len(convolutions)} convolutions, there should be two or none.")
    dense = [layer for layer in others if layer not in convolutions]
    if len(dense) != 1:
        raise UserError(f"it has {len(dense)} dense layers, there should be one.")
    roles = {"rnn": recurrent[0], "head": dense[0]}
    roles |= dict(zip(("conv1", "conv2"), convolutions, strict=False))
    return {
        f"{role}.{part}": t for role, layer in roles.items() for part, t in layers[layer].items()
    }


def _naturally(name: str) -> str:
    """What sorts `conv2d_9` before `conv2d_10`."""
    return re.sub(r"\d+", lambda number: number[0].zfill(9), name)


def _told_by_shapes(named: Tensors) -> dict[str, Any]:
    """The settings of the network that these tensors are of; they are checked later."""
    units, sums = _sides(named, "rnn.recurrent_kernel")
    features, _ = _sides(named, "rnn.kernel")
    if not units or sums % units or sums // units not in _CELLS:
        raise UserError(f"its recurrent kernel has shape {(units, sums)}, that of no cell.")
    cell = _CELLS[sums // units]
    if cell == "gru" and named.get("rnn.bias", np.empty(0)).shape == (sums,):
        raise UserError(
            "its GRU has reset_after=False: train one with Keras's own reset_after=True."
        )
    told = {"backbone": "rnn", "cell": cell, "units": units}
    if "conv1.kernel" not in named:
        return told
    filters = named["conv1.kernel"].shape[-1] if named["conv1.kernel"].ndim == 4 else 0
    order = "map_major" if features == COLUMNS else "row_major"
    return told | {"backbone": "cnn_rnn", "filters": filters, "order": order}


def _sides(named: Tensors, name: str) -> tuple[int, int]:
    tensor = named.get(name)
    if tensor is None or tensor.ndim != 2:
        raise UserError(f"the tensor {name!r} is missing or no matrix.")
    return tensor.shape[0], tensor.shape[1]
