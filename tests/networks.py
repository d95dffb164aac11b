"""Every kind of network, with weights that make each of its parts matter."""

from itertools import product

import numpy as np

from mnist_rnn.config import ModelConfig
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Tensors

_BACKBONES = (("rnn", "map_major"), ("cnn_rnn", "map_major"), ("cnn_rnn", "row_major"))
_HEADS = ("many_to_one", "many_to_many")
_CELLS = ("simple_rnn", "gru", "lstm")

# Those that read an image row by row, all that read an image, and those that draw one.
ROW_READERS = [
    ModelConfig(backbone=backbone, order=order, head=head, cell=cell, units=7, filters=3)
    for (backbone, order), head, cell in product(_BACKBONES, _HEADS, _CELLS)
]
READERS = [
    *ROW_READERS,
    *(
        ModelConfig(rnn_activation=activation, units=7)
        for activation in ("relu", "sigmoid", "linear")
    ),
    ModelConfig(backbone="cnn_rnn", rnn_activation="sigmoid", units=7, filters=3),
    ModelConfig(head="one_to_one", units=7),
]
DRAWERS = [ModelConfig(head="one_to_many", cell=cell, units=7, styles=5) for cell in _CELLS]
EVERY_NETWORK = [*READERS, *DRAWERS]


def name(config: ModelConfig) -> str:
    """A short name for a test's id."""
    order = f"-{config.order}" if config.backbone == "cnn_rnn" else ""
    activation = f"-{config.rnn_activation}" if config.rnn_activation != "tanh" else ""
    return f"{config.backbone}{order}-{config.head}-{config.cell}{activation}"


def random_tensors(config: ModelConfig, seed: int = 0) -> Tensors:
    """Weights of which none is zero, biases included, small enough not to saturate a cell."""
    rng = np.random.default_rng(seed)
    return {
        name: rng.normal(0, 0.3, shape).astype(np.float32)
        for name, shape in weights.shapes(config).items()
    }
