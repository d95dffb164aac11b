"""The shapes of tensors from layer to layer, and what a sequence is like with its axes mixed up."""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.config import CLASSES, COLUMNS, LAYERS, ROWS, ModelConfig

TIMESTEPS = "timesteps"


@dataclass(frozen=True)
class Stage:
    """A layer, written as in Keras, and what it gives: the size of each axis after the batch's."""

    layer: str
    axes: dict[str, int]


def stages(model: ModelConfig) -> list[Stage]:
    """What goes into a network, then each layer; the last gives logits.

    With the backbone cnn_rnn, one that goes map by map without activation, as in 2016.
    """
    layer = LAYERS[model.cell]
    image = Stage(f"Input(({ROWS}, {COLUMNS}))", {TIMESTEPS: ROWS, "pixels": COLUMNS})
    every_state = Stage(
        f"{layer}({model.units}, return_sequences=True)",
        {TIMESTEPS: model.timesteps, "units": model.units},
    )
    last_state = Stage(f"{layer}({model.units})", {"units": model.units})
    classes = Stage(f"Dense({CLASSES})", {"classes": CLASSES})
    at_each = {TIMESTEPS: model.timesteps, "classes": CLASSES}
    if model.head == "one_to_one":
        flow = [
            Stage(f"Input(({ROWS}, {COLUMNS}))", {"rows": ROWS, "columns": COLUMNS}),
            Stage("Flatten()", {"pixels": model.features}),
            Stage(f'Dense({model.units}, activation="tanh")', {"units": model.units}),
            classes,
        ]
    elif model.head == "one_to_many":
        numbers = {"class and style": model.features}
        flow = [
            Stage(f"Input(({model.features},))", numbers),
            Stage(f"Reshape((1, {model.features}))", {TIMESTEPS: 1} | numbers),
            Stage(f"ZeroPadding1D((0, {ROWS - 1}))", {TIMESTEPS: ROWS} | numbers),
            every_state,
            Stage(f"TimeDistributed(Dense({COLUMNS}))", {TIMESTEPS: ROWS, "pixels": COLUMNS}),
        ]
    elif model.head == "many_to_one":
        flow = [image, last_state, classes]
    else:
        flow = [image, every_state, Stage(f"TimeDistributed(Dense({CLASSES}))", at_each)]
    return flow if model.backbone == "rnn" else [*_maps_as_sequence(model), *flow[1:]]


def interleaved(sequence: np.ndarray) -> np.ndarray:
    """What a network that goes map by map would read if its maps had not been transposed first.

    The maps (28, 28, filters) are reshaped to (filters * 28, 28) as they lie in memory, where all
    filters of one pixel are neighbours. `sequence`, of that shape, is how it should have been.
    """
    maps = sequence.reshape(-1, ROWS, COLUMNS)  # (filters, 28, 28)
    return maps.transpose(1, 2, 0).reshape(sequence.shape)


def _maps_as_sequence(model: ModelConfig) -> list[Stage]:
    image = {"rows": ROWS, "columns": COLUMNS}
    padded = {"rows": ROWS + 2, "columns": COLUMNS + 2}
    one, maps = {"maps": 1}, {"maps": model.filters}
    sequence = (model.timesteps, model.features)
    return [
        Stage(f"Input(({ROWS}, {COLUMNS}, 1))", image | one),
        Stage("ZeroPadding2D(1)", padded | one),
        Stage(f"Conv2D({model.filters}, 3)", image | maps),
        Stage("ZeroPadding2D(1)", padded | maps),
        Stage(f"Conv2D({model.filters}, 3)", image | maps),
        Stage("Permute((3, 1, 2))", maps | image),
        Stage(f"Reshape({sequence})", dict(zip((TIMESTEPS, "pixels"), sequence, strict=True))),
    ]
