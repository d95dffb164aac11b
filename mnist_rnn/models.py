"""The networks as Keras models: used by training only, never by the app's own process."""

import keras
import numpy as np
from keras import layers

from mnist_rnn import weights
from mnist_rnn.config import CLASSES, COLUMNS, ROWS, ModelConfig
from mnist_rnn.weights import Tensors

_RECURRENT = {"simple_rnn": layers.SimpleRNN, "gru": layers.GRU, "lstm": layers.LSTM}


def build(config: ModelConfig, seed: int) -> keras.Model:
    """An untrained model; the same seed gives the same weights.

    It maps pixels (n, 28, 28) as `data.to_input` scales them to logits: (n, 10) with the
    many-to-one head, (n, timesteps, 10) with many-to-many. The softmax belongs to the loss
    (`from_logits=True`), where it cannot underflow.

    Layers and initialisers are those of Keras 1 in 2016: glorot uniform input weights, orthogonal
    recurrent weights, zero biases (an LSTM's forget bias starts at 1).
    """
    seeds = {
        name: int(drawn)
        for name, drawn in zip(
            ("conv1", "conv2", "rnn", "recurrent", "head"),
            np.random.SeedSequence(seed).generate_state(5),
            strict=True,
        )
    }

    def glorot(name: str) -> keras.initializers.Initializer:
        return keras.initializers.GlorotUniform(seeds[name])

    pixels = keras.Input((ROWS, COLUMNS), name="pixels")
    sequence = pixels
    if config.backbone == "cnn_rnn":
        maps = layers.Reshape((ROWS, COLUMNS, 1))(pixels)
        for name in ("conv1", "conv2"):
            maps = layers.ZeroPadding2D(1)(maps)
            maps = layers.Conv2D(
                config.filters,
                3,
                activation=config.activation,
                kernel_initializer=glorot(name),
                name=name,
            )(maps)  # (n, 28, 28, filters)
        # In 2016 images were (filters, rows, columns); Keras now keeps the filters last.
        axes = (3, 1, 2) if config.order == "map_major" else (1, 3, 2)
        sequence = layers.Permute(axes)(maps)
        sequence = layers.Reshape((config.timesteps, config.features))(sequence)
    many_to_many = config.head == "many_to_many"
    hidden = _RECURRENT[config.cell](
        config.units,
        return_sequences=many_to_many,
        kernel_initializer=glorot("rnn"),
        recurrent_initializer=keras.initializers.Orthogonal(seed=seeds["recurrent"]),
        name="rnn",
    )(sequence)
    head = layers.Dense(CLASSES, kernel_initializer=glorot("head"), name="head")
    # On a sequence, Dense acts on each timestep by itself, as TimeDistributed(Dense) did in 2016.
    return keras.Model(pixels, head(hidden))


def variables(model: keras.Model, config: ModelConfig) -> dict[str, keras.Variable]:
    """The trainable variables of a model that `build` made, by the names of `weights.shapes`."""
    named = {f"{layer.name}.{w.name}": w for layer in model.layers for w in layer.weights}
    return {name: named[name] for name in weights.shapes(config)}


def tensors(model: keras.Model, config: ModelConfig) -> Tensors:
    """A copy of a model's weights by the names of `weights.shapes`."""
    return {name: w.value.numpy() for name, w in variables(model, config).items()}


def assign(model: keras.Model, config: ModelConfig, values: Tensors) -> None:
    """Give a model these weights; raises UserError if they are not those of its config."""
    weights.check(values, config)
    for name, variable in variables(model, config).items():
        variable.assign(values[name])
