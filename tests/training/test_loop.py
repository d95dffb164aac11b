"""Training takes the very steps that Keras takes, and repeats itself number by number."""

import math
from dataclasses import replace

import keras
import numpy as np
import pytest

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.handwriting import StyleScale
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.evaluation import drawings
from mnist_rnn.evaluation.accuracy import evaluate
from mnist_rnn.network.drawer import code
from mnist_rnn.network.reader import Reader, to_input
from mnist_rnn.network.weights import Card
from mnist_rnn.progress import ChunkDone, Diverged, EpochDone, Steering
from mnist_rnn.training import compiled, examples, models
from mnist_rnn.training.engine import Engine
from mnist_rnn.training.examples import (
    PEN_SHARE,
    POOL_IMAGES,
    Chunk,
    augmented,
    batches,
    examples_of,
)
from mnist_rnn.training.loop import train
from tests.networks import name, random_tensors

SMALL = ModelConfig(units=6)
CONVOLUTIONS = ModelConfig(backbone="cnn_rnn", filters=2, units=6)
DRAWER = ModelConfig(head="one_to_many", units=6, styles=4)
REGULARIZERS = ("kernel_regularizer", "recurrent_regularizer", "bias_regularizer")
QUICK = TrainConfig(epochs=2, train_images=250, batch_size=40, learning_rate=0.01)


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
    loss_sum, right = engine.run(Chunk(indices, counts, rates))

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
                engine.run(Chunk(indices[:1], count, nothing_is_learnt[:1], step))[0] / copies
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
    loss_sum, right = engine.run(Chunk(indices, counts, rates))

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
    chunk = Chunk(np.arange(6, dtype=np.int32)[None], np.array([6], np.int32), nothing_is_learnt)
    loss_sum, _ = engine.run(chunk)

    trace = Reader(random_tensors(config), Card(config)).read_batch(digits.images)
    given = trace.probabilities[np.arange(6), :, digits.labels]  # (6, 28), to the right class
    assert loss_sum == pytest.approx(-(np.log(given) * weights).mean(1).sum(), rel=1e-4)
    assert engine.validate()[0] == pytest.approx(-np.log(given).mean(), rel=1e-4)


def test_graded_weights_ask_little_of_empty_rows_and_are_one_on_average() -> None:
    graded = TrainConfig(timestep_weights="graded")
    weights = compiled.timestep_weights(ModelConfig(head="many_to_many"), graded)
    assert weights.shape == (28,)
    assert weights.mean() == pytest.approx(1)
    assert weights[:4].max() < 0.5 < weights[4:].min()
    assert compiled.timestep_weights(ModelConfig(head="many_to_one"), graded) is None


def test_only_a_share_of_the_images_is_augmented_and_another_one_each_epoch() -> None:
    images = load_digits("train").first(400).images
    config = TrainConfig(augmentation="affine", augmented_share=0.25)
    changed = [(augmented(images, config, e) != images).any((1, 2)) for e in (1, 2)]
    assert 0.15 < changed[0].mean() < 0.35
    assert (changed[0] != changed[1]).any()
    everything = TrainConfig(augmentation="affine")
    assert (augmented(images, everything, 1) != images).any((1, 2)).all()


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
    loss_sum, right = engine.run(Chunk(order, np.array([6], np.int32), np.zeros(1, np.float32)))

    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = [-logs[n].mean() if c < 0 else -logs[n, :, c].mean() for n, c in enumerate(labels)]
    assert loss_sum == pytest.approx(sum(expected), rel=1e-5)
    assert right == (logits[:, -1].argmax(-1) == labels).sum()


def test_non_digits_take_the_places_of_about_as_many_digits_as_were_asked_for() -> None:
    some = replace(QUICK, train_images=2_000, non_digits=0.25)
    labels = np.repeat([5, -1], [2_000, POOL_IMAGES])
    first, again, second = (batches(some, labels, epoch) for epoch in (1, 1, 2))
    np.testing.assert_array_equal(first[0], again[0])
    indices, counts = first
    assert counts.sum() == 2_000
    drawn = indices[indices >= 2_000]
    assert len(drawn) / 2_000 == pytest.approx(0.25, abs=0.05)
    assert drawn.max() < 2_000 + POOL_IMAGES
    kept, kept_next = (set(batch[batch < 2_000].tolist()) for batch, _ in (first, second))
    assert len(kept) == 2_000 - len(drawn)
    assert len(kept | kept_next) > 1_850


def test_non_digits_are_left_out_of_the_accuracy(monkeypatch) -> None:
    monkeypatch.setattr(examples, "POOL_IMAGES", 20)
    # Every digit is named correctly, nothing else is.
    monkeypatch.setattr(Engine, "run", lambda _, chunk: (0.0, float(_digits_in(chunk))))
    progress = train(SMALL, replace(QUICK, epochs=1, non_digits=0.3))
    *chunks, done = progress
    assert [chunk.accuracy for chunk in chunks] == [1] * len(chunks)
    assert done.accuracy == 1
    assert chunks[-1].images == 250


def _digits_in(chunk: Chunk) -> int:
    return sum(
        int((batch[:count] < QUICK.train_images).sum())
        for batch, count in zip(chunk.indices, chunk.counts, strict=True)
    )


def test_pens_take_a_fifth_of_the_places_each_about_once() -> None:
    both = replace(QUICK, train_images=5_000, writers="mnist_and_pens", non_digits=0.1)
    labels = np.repeat([5, -1, 7], [5_000, 300, 1_000])
    (indices, counts), (again, _), (other, _) = (batches(both, labels, e) for e in (1, 1, 2))
    np.testing.assert_array_equal(indices, again)
    assert (indices != other).any()
    assert counts.sum() == 5_000
    shown = labels[indices.ravel()[:5_000]]
    assert (shown == 7).mean() == pytest.approx(PEN_SHARE * 0.9, abs=0.02)
    assert (shown == -1).mean() == pytest.approx(0.1, abs=0.02)
    pens = np.bincount(indices[indices >= 5_300] - 5_300, minlength=1_000)
    assert pens.max() <= 2  # about 1,000 places for 1,000 digits, in turn
    without = replace(both, writers="mnist")
    mnist, _ = batches(without, labels[:5_300], 1)
    assert ((indices == mnist) | (indices >= 5_000)).all()


def test_pens_are_learnt_from_beside_the_same_images_of_mnist() -> None:
    alone = examples_of(QUICK)
    both = examples_of(replace(QUICK, writers="mnist_and_pens"))
    np.testing.assert_array_equal(both.images[: len(alone)], alone.images)
    np.testing.assert_array_equal(both.labels[: len(alone)], alone.labels)
    assert len(both) > 250 + 8_000
    assert set(both.labels[250:].tolist()) == set(range(10))
    *_, done = train(SMALL, replace(QUICK, epochs=1, writers="mnist_and_pens"))
    assert isinstance(done, EpochDone)
    assert 0 < done.accuracy < 1


@pytest.mark.parametrize("config", [SMALL, CONVOLUTIONS], ids=name)
def test_same_seed_same_curve(config: ModelConfig) -> None:
    first, again, other = (_curve(config, replace(QUICK, seed=seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def _curve(config: ModelConfig, training: TrainConfig) -> list[tuple[float, ...]]:
    """Every number that a training reports, apart from the time."""
    return [
        (event.loss, event.accuracy)
        if isinstance(event, ChunkDone)
        else (event.validation_loss, *event.validation_accuracy_by_timestep)
        for event in train(config, training)
    ]


def test_every_image_is_seen_in_every_epoch() -> None:
    events = list(train(SMALL, QUICK))
    for epoch in (1, 2):
        chunks = [e for e in events if isinstance(e, ChunkDone) and e.epoch == epoch]
        assert [c.images_in_epoch for c in chunks] == [250] * len(chunks)
        assert chunks[-1].images == 250
    assert [e.epoch for e in events if isinstance(e, EpochDone)] == [1, 2]
    seconds = [e.seconds for e in events]
    assert seconds == sorted(seconds)


def test_big_training_reports_within_the_epoch() -> None:
    progress = train(SMALL, TrainConfig(epochs=1))
    first = next(progress)
    progress.close()
    assert isinstance(first, ChunkDone)
    assert 0 < first.images < first.images_in_epoch == 50_000


def test_validation_agrees_with_the_numpy_reader() -> None:
    *_, done = train(SMALL, replace(QUICK, epochs=1))
    assert isinstance(done, EpochDone)
    reader = Reader(done.tensors, Card(SMALL))
    by_timestep = evaluate(reader, load_digits("validation")).by_timestep
    # Rounding may tip a digit on which two classes are level.
    np.testing.assert_allclose(done.validation_accuracy_by_timestep, by_timestep, atol=3e-4)
    assert done.validation_accuracy == done.validation_accuracy_by_timestep[-1]


def test_network_learns() -> None:
    training = TrainConfig(epochs=2, train_images=10_000, optimizer="adam", learning_rate=0.005)
    *_, done = train(ModelConfig(), training)
    assert isinstance(done, EpochDone)
    assert done.validation_accuracy > 0.7


def test_one_more_epoch_may_be_asked_for_after_the_last_one() -> None:
    asked = [Steering()]
    done = 0
    for event in train(SMALL, replace(QUICK, epochs=1), steer=lambda: asked[0]):
        if isinstance(event, EpochDone):
            done = event.epoch
            asked[0] = Steering(epochs=2)
    assert done == 2


def test_steering_changes_rate_and_epochs_under_way() -> None:
    asked = [Steering()]
    rates = []
    for event in train(SMALL, QUICK, steer=lambda: asked[0]):
        if isinstance(event, EpochDone):
            rates.append(event.learning_rate)
            asked[0] = Steering(learning_rate=0.002, epochs=3)
    assert rates == pytest.approx([0.01, 0.002, 0.002])


def test_fewer_epochs_end_the_training_after_this_one() -> None:
    events = list(train(SMALL, QUICK, steer=lambda: Steering(epochs=1)))
    assert [e.epoch for e in events if isinstance(e, EpochDone)] == [1]


def test_cosine_lets_the_rate_fall_to_nothing() -> None:
    training = replace(QUICK, schedule="cosine", epochs=4)
    rates = [e.learning_rate for e in train(SMALL, training) if isinstance(e, EpochDone)]
    # 7 steps an epoch; the rate of step s of 28 is half of (1 + cos(pi s / 28)) of the first.
    steps = np.array([6, 13, 20, 27])
    np.testing.assert_allclose(rates, 0.01 * (1 + np.cos(np.pi * steps / 28)) / 2, rtol=1e-4)


def test_divergence_is_named(monkeypatch) -> None:
    # A tanh saturates before anything overflows, so no setting leads here for sure.
    monkeypatch.setattr(Engine, "run", lambda *_: (math.nan, 0.0))
    with pytest.raises(Diverged, match=r"finite number in epoch 1: the learning rate 0\.01 is"):
        next(train(SMALL, QUICK))
