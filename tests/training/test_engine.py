"""Training takes the very steps that Keras takes."""

import math
from dataclasses import replace

import keras
import numpy as np
import pytest

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.handwriting import StyleScale
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.evaluation import drawings
from mnist_rnn.network.drawer import code
from mnist_rnn.network.reader import Reader, to_input
from mnist_rnn.network.weights import Card
from mnist_rnn.training import models, prepared
from mnist_rnn.training.engine import Engine
from tests.networks import name, random_tensors
from tests.training.small import CONVOLUTIONS, SMALL

DRAWER = ModelConfig(head="one_to_many", units=6, styles=4)
REGULARIZERS = ("kernel_regularizer", "recurrent_regularizer", "bias_regularizer")


@pytest.mark.parametrize(
    ("config", "optimizer", "batch_size", "layer"),
    [
        (SMALL, "rmsprop", 8, {}),
        (SMALL, "sgd", 1, {}),
        (replace(SMALL, head="many_to_many", scaling="twice"), "adam", 7, {}),
        (replace(SMALL, cell="gru"), "sgd", 8, {}),
        (replace(SMALL, cell="lstm", head="many_to_many"), "rmsprop", 7, {}),
        (replace(CONVOLUTIONS, head="many_to_many"), "rmsprop", 8, {}),
        (replace(CONVOLUTIONS, order="row_major", activation="relu"), "adam", 7, {}),
        (replace(SMALL, head="one_to_one"), "sgd", 8, {}),
        (replace(SMALL, rnn_activation="relu"), "rmsprop", 8, {}),
        (replace(SMALL, rnn_activation="sigmoid", head="many_to_many"), "adam", 7, {}),
        (replace(SMALL, rnn_activation="linear"), "adam", 8, {}),
        (replace(CONVOLUTIONS, rnn_activation="sigmoid"), "sgd", 8, {}),
        (SMALL, "adam", 7, {"kernel_regularizer": "l1"}),
        (replace(SMALL, head="many_to_many"), "rmsprop", 8, {"recurrent_regularizer": "l2"}),
        (replace(CONVOLUTIONS, cell="gru"), "sgd", 7, {"bias_regularizer": "l2"}),
        (SMALL, "sgd", 7, dict.fromkeys(REGULARIZERS, "l1")),
    ],
    ids=lambda value: name(value) if isinstance(value, ModelConfig) else str(value),
)
def test_chunk_takes_the_steps_that_keras_takes(
    config: ModelConfig, optimizer: str, batch_size: int, layer: dict[str, str]
) -> None:
    train_config = TrainConfig(**layer, regularization=0.02)
    digits = load_digits("train").first(50)
    indices = np.random.default_rng(0).integers(0, 50, (4, batch_size), np.int32)
    # The last batches as at the end of an epoch: a part of one half, and one half without images.
    counts = np.array([batch_size, batch_size, -(-batch_size * 2 // 3), -(-batch_size // 3)])
    counts = counts.astype(np.int32)
    rates = np.array([0.01, 0.02, 0.005, 0.01], np.float32)

    model = models.build(config, train_config)
    models.assign(model, config, random_tensors(config))
    engine = Engine(model, config, optimizer, training=digits, validation=digits, steps=5)
    loss_sum, right = engine.run(indices, counts, rates)

    stock = models.build(config, train_config)
    models.assign(stock, config, random_tensors(config))
    stock.compile(
        optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False
    )
    expected_loss, expected_right = 0.0, 0
    for batch, count, rate in zip(indices, counts, rates, strict=True):
        stock.optimizer.learning_rate.assign(rate)
        pixels = to_input(digits.images[batch[:count]], config.scaling)
        labels = digits.labels[batch[:count]].astype(np.int32)
        logits = np.asarray(stock(pixels)).reshape(count, -1, 10)
        expected_right += (logits[:, -1].argmax(-1) == labels).sum()
        steps = config.timesteps if config.head == "many_to_many" else 1
        targets = np.repeat(labels[:, None], steps, 1) if steps > 1 else labels
        stock.reset_metrics()
        expected_loss += float(stock.train_on_batch(pixels, targets)) * count

    assert loss_sum == pytest.approx(expected_loss, rel=1e-4)
    assert right == expected_right
    expected = models.tensors(stock, config)
    for key, tensor in models.tensors(model, config).items():
        np.testing.assert_allclose(tensor, expected[key], atol=2e-5, err_msg=key)


@pytest.mark.parametrize("config", [replace(SMALL, head="many_to_many"), CONVOLUTIONS], ids=name)
def test_dropout_has_the_loss_that_it_has_in_keras_in_the_mean(config: ModelConfig) -> None:
    digits, copies, steps = load_digits("train").first(3), 300, 16
    tensors = {key: 2 * tensor for key, tensor in random_tensors(config).items()}
    nothing_is_learnt = np.zeros(steps, np.float32)
    indices = np.zeros((steps, copies), np.int32)

    def losses(train_config: TrainConfig) -> np.ndarray:
        model = models.build(config, train_config)
        models.assign(model, config, tensors)
        engine = Engine(model, config, "sgd", training=digits, validation=digits, steps=1)
        count = np.array([copies], np.int32)
        return np.array(
            [
                engine.run(indices[:1], count, nothing_is_learnt[:1], step)[0] / copies
                for step in range(steps)
            ]
        )

    dropping = TrainConfig(dropout=0.3, recurrent_dropout=0.4)
    ours, steady = losses(dropping), losses(TrainConfig())
    np.testing.assert_array_equal(ours, losses(dropping))  # the same seed, the same numbers
    assert len(set(ours)) == steps

    stock = models.build(config, dropping)
    models.assign(stock, config, tensors)
    pixels = to_input(digits.images[indices[0]])
    of_keras = []
    for _ in range(steps):
        logits = np.asarray(stock(pixels, training=True)).reshape(copies, -1, 10)
        chances = keras.ops.log_softmax(logits)[..., digits.labels[0]]
        of_keras.append(-float(keras.ops.mean(chances)))
    error = np.hypot(ours.std(), np.std(of_keras)) / math.sqrt(steps)
    assert abs(ours.mean() - np.mean(of_keras)) < 4 * error
    assert abs(steady.mean() - np.mean(of_keras)) > 6 * error


@pytest.mark.parametrize("cell", ["simple_rnn", "gru"])
def test_chunk_takes_the_steps_that_keras_takes_to_draw(cell: str, monkeypatch) -> None:
    digits = load_digits("train").first(400)
    scale = StyleScale(digits)
    monkeypatch.setattr("mnist_rnn.training.objectives.training_scale", lambda: scale)
    config = replace(DRAWER, cell=cell)
    indices = np.random.default_rng(0).integers(0, 400, (2, 6), np.int32)
    counts, rates = np.array([6, 4], np.int32), np.array([0.01, 0.02], np.float32)
    models_of = [models.build(config) for _ in range(2)]
    for model in models_of:
        models.assign(model, config, random_tensors(config))
    model, stock = models_of
    engine = Engine(model, config, "adam", training=digits, validation=digits, steps=2)
    loss_sum, right = engine.run(indices, counts, rates)

    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    stock.compile("adam", loss, jit_compile=False)
    expected_loss, expected_right = 0.0, 0
    for batch, count, rate in zip(indices, counts, rates, strict=True):
        stock.optimizer.learning_rate.assign(rate)
        chosen = Digits(digits.images[batch[:count]], digits.labels[batch[:count]])
        codes = code(chosen.labels, scale.measure(chosen, config.styles))
        rows = 1 / (1 + np.exp(-np.asarray(stock(codes))))
        answers = drawings.judge().read_batch(255 * rows).answers[:, -1]
        expected_right += (answers == chosen.labels).sum()
        stock.reset_metrics()
        expected_loss += count * float(stock.train_on_batch(codes, to_input(chosen.images)))

    assert loss_sum == pytest.approx(expected_loss, rel=1e-4)
    assert right == expected_right
    expected = models.tensors(stock, config)
    for key, tensor in models.tensors(model, config).items():
        np.testing.assert_allclose(tensor, expected[key], atol=2e-5, err_msg=key)


def test_graded_rows_count_by_their_weights_in_the_loss() -> None:
    config = replace(SMALL, head="many_to_many")
    digits = load_digits("train").first(6)
    model = models.build(config)
    models.assign(model, config, random_tensors(config))
    weights = np.arange(28) / 13.5
    engine = Engine(
        model,
        config,
        "sgd",
        training=digits,
        validation=digits,
        steps=1,
        timestep_weights=weights,
    )
    nothing_is_learnt = np.zeros(1, np.float32)
    order = np.arange(6, dtype=np.int32)[None]
    loss_sum, _ = engine.run(order, np.array([6], np.int32), nothing_is_learnt)

    trace = Reader(random_tensors(config), Card(config)).read_batch(digits.images)
    given = trace.probabilities[np.arange(6), :, digits.labels]  # (6, 28), to the right class
    assert loss_sum == pytest.approx(-(np.log(given) * weights).mean(1).sum(), rel=1e-4)
    assert engine.validate()[0] == pytest.approx(-np.log(given).mean(), rel=1e-4)


def test_graded_weights_ask_little_of_empty_rows_and_are_one_on_average() -> None:
    graded = TrainConfig(timestep_weights="graded")
    weights = prepared.timestep_weights(ModelConfig(head="many_to_many"), graded)
    assert weights.shape == (28,)
    assert weights.mean() == pytest.approx(1)
    assert weights[:4].max() < 0.5 < weights[4:].min()
    assert prepared.timestep_weights(ModelConfig(head="many_to_one"), graded) is None


@pytest.mark.parametrize("head", ["many_to_one", "many_to_many", "one_to_one"])
def test_what_is_no_digit_should_be_any_class_alike(head: str) -> None:
    config = replace(SMALL, head=head)
    digits = load_digits("train").first(6)
    labels = np.array([-1, 5, -1, 3, 7, -1])
    model = models.build(config)
    models.assign(model, config, random_tensors(config))
    some = Digits(digits.images, labels)
    engine = Engine(model, config, "sgd", training=some, validation=digits, steps=1)
    logits = np.asarray(model(to_input(digits.images))).astype(float).reshape(6, -1, 10)
    order = np.arange(6, dtype=np.int32)[None]
    loss_sum, right = engine.run(order, np.array([6], np.int32), np.zeros(1, np.float32))

    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = [-logs[n].mean() if c < 0 else -logs[n, :, c].mean() for n, c in enumerate(labels)]
    assert loss_sum == pytest.approx(sum(expected), rel=1e-5)
    assert right == (logits[:, -1].argmax(-1) == labels).sum()
