"""The networks as Keras models: used by training only, never by the app's own process."""

from collections.abc import Callable

import keras
import numpy as np
from keras import layers

from mnist_rnn.config import COLUMNS, ROWS, ModelConfig, TrainConfig
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Tensors

RECURRENT = {"simple_rnn": layers.SimpleRNN, "gru": layers.GRU, "lstm": layers.LSTM}
# How much longer a memory is after one timestep of the first weights alone.
_GAIN = {"orthogonal": 1.0, "orthogonal_2016": 1.1, "forgetful": 0.1}
_USUAL = TrainConfig()
_REGULARIZERS = {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2}


def build(config: ModelConfig, train: TrainConfig = _USUAL) -> keras.Model:
    """An untrained model that begins as `train` says; the same seed gives the same weights.

    It maps pixels (n, 28, 28) as `reader.to_input` scales them to logits: (n, 10) with the heads
    many-to-one and one-to-one, (n, timesteps, 10) with many-to-many. With one-to-many it maps
    codes (n, 10 + styles) as `drawer.code` makes them to logits (n, 28, 28), one for each pixel.
    The softmax or sigmoid belongs to the loss (`from_logits=True`), where it cannot underflow.

    Layers and initialisers are those of today's Keras: glorot uniform input weights, orthogonal
    recurrent weights, zero biases (an LSTM's forget bias starts at 1). In Keras 1, in 2016, gates
    were hard sigmoids, a GRU reset its memory before the product, and the orthogonal weights were
    1.1 times as large: `recurrent_init` "orthogonal_2016". Those of "forgetful" are a tenth: at
    every timestep a memory shrinks tenfold, and so does the gradient on its way back (R. Pascanu,
    T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural networks, 2013).
    """
    names = ("conv1", "conv2", "rnn", "recurrent", "head", "dropout")
    drawn = np.random.SeedSequence(train.seed).generate_state(len(names)).tolist()
    seeds = dict(zip(names, drawn, strict=True))

    def glorot(name: str) -> keras.initializers.Initializer:
        return keras.initializers.GlorotUniform(seeds[name])

    head = layers.Dense(config.outputs, kernel_initializer=glorot("head"), name="head")
    if config.head == "one_to_one":
        pixels = keras.Input((ROWS, COLUMNS), name="pixels")
        hidden = layers.Dense(
            config.units, activation="tanh", kernel_initializer=glorot("rnn"), name="dense"
        )(layers.Flatten()(pixels))
        return keras.Model(pixels, head(hidden))
    if config.head == "one_to_many":
        given = keras.Input((config.features,), name="code")
        # It goes in once; at the other timesteps the input is zeros.
        first = layers.Reshape((1, config.features))(given)
        sequence = layers.ZeroPadding1D((0, config.timesteps - 1))(first)
    else:
        given = keras.Input((ROWS, COLUMNS), name="pixels")
        sequence = _sequence(given, config, glorot)
    hidden = RECURRENT[config.cell](
        config.units,
        return_sequences=config.head != "many_to_one",
        activation=config.rnn_activation,
        kernel_initializer=_initializer(train.kernel_init, seeds["rnn"]),
        recurrent_initializer=_initializer(train.recurrent_init, seeds["recurrent"]),
        kernel_regularizer=_regularizer(train.kernel_regularizer, train.regularization),
        recurrent_regularizer=_regularizer(train.recurrent_regularizer, train.regularization),
        bias_regularizer=_regularizer(train.bias_regularizer, train.regularization),
        dropout=train.dropout,
        recurrent_dropout=train.recurrent_dropout,
        seed=seeds["dropout"],
        name="rnn",
    )(sequence)
    # On a sequence, Dense acts on each timestep by itself, as TimeDistributed(Dense) did in 2016.
    return keras.Model(given, head(hidden))


def _initializer(name: str, seed: int) -> keras.initializers.Initializer:
    if name in _GAIN:
        return keras.initializers.Orthogonal(_GAIN[name], seed)
    drawn = {} if name == "identity" else {"seed": seed}
    return keras.initializers.get({"class_name": name, "config": drawn})


def _regularizer(name: str, factor: float) -> keras.regularizers.Regularizer | None:
    return _REGULARIZERS[name](factor) if name in _REGULARIZERS else None


def _sequence(
    pixels: keras.KerasTensor,
    config: ModelConfig,
    glorot: Callable[[str], keras.initializers.Initializer],
) -> keras.KerasTensor:
    """What the recurrent layer reads of the pixels (n, 28, 28): (n, timesteps, features)."""
    if config.backbone == "rnn":
        return pixels
    maps = layers.Reshape((ROWS, COLUMNS, 1))(pixels)
    for name in ("conv1", "conv2"):
        maps = layers.Conv2D(
            config.filters,
            3,
            padding="same",
            activation=config.activation,
            kernel_initializer=glorot(name),
            name=name,
        )(maps)  # (n, 28, 28, filters)
    # In 2016 images were (filters, rows, columns); Keras now keeps the filters last.
    axes = (3, 1, 2) if config.order == "map_major" else (1, 3, 2)
    maps = layers.Permute(axes)(maps)
    return layers.Reshape((config.timesteps, config.features))(maps)


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
