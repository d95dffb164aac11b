"""The Keras models have the layers of 2016, and give back the weights they are given."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.network import weights
from mnist_rnn.presets import PRESETS
from mnist_rnn.training import models
from tests.networks import EVERY_NETWORK, name, random_tensors


@pytest.mark.parametrize(
    ("preset", "parameters"),
    [
        ("rnn-many_to_one-2016", 4_460),
        ("rnn-many_to_many-2016", 4_460),
        ("cnn_rnn-many_to_one-2016", 5_124),
        ("cnn_rnn-many_to_many-2016", 5_124),
    ],
)
def test_systems_of_2016_have_their_parameters(preset: str, parameters: int) -> None:
    config = PRESETS[preset].model
    assert models.build(config).count_params() == parameters
    assert weights.parameter_count(config) == parameters


@pytest.mark.parametrize("config", EVERY_NETWORK, ids=name)
def test_model_has_the_outputs_of_its_head(config: ModelConfig) -> None:
    outputs = {
        "many_to_one": (10,),
        "many_to_many": (config.timesteps, 10),
        "one_to_one": (10,),
        "one_to_many": (28, 28),
    }[config.head]
    assert models.build(config).output_shape == (None, *outputs)


@pytest.mark.parametrize("config", EVERY_NETWORK, ids=name)
def test_assigned_weights_come_back(config: ModelConfig) -> None:
    model = models.build(config)
    given = random_tensors(config)
    models.assign(model, config, given)
    taken = models.tensors(model, config)
    assert list(taken) == list(given)
    for key, tensor in given.items():
        np.testing.assert_array_equal(taken[key], tensor)


def test_weights_of_another_network_are_refused() -> None:
    config = ModelConfig(units=5)
    model = models.build(config)
    with pytest.raises(UserError, match="has shape"):
        models.assign(model, config, random_tensors(replace(config, units=6)))


def test_same_seed_same_first_weights() -> None:
    config = PRESETS["cnn_rnn-many_to_one-2016"].model
    first, again, other = (
        models.tensors(models.build(config, TrainConfig(seed=s)), config) for s in (3, 3, 4)
    )
    for key, tensor in first.items():
        np.testing.assert_array_equal(tensor, again[key])
        assert key.endswith("bias") or not np.array_equal(tensor, other[key])


def test_first_weights_are_drawn_as_keras_draws_them() -> None:
    config = PRESETS["rnn-many_to_one-2016"].model
    drawn = models.tensors(models.build(config), config)
    recurrent = drawn["rnn.recurrent_kernel"]
    np.testing.assert_allclose(recurrent @ recurrent.T, np.eye(50), atol=1e-5)  # orthogonal
    limit = np.sqrt(6 / (28 + 50))  # glorot uniform
    assert 0.95 * limit < np.abs(drawn["rnn.kernel"]).max() <= limit
    assert not drawn["rnn.bias"].any()
    assert not drawn["head.bias"].any()


@pytest.mark.parametrize(("start", "gain"), [("orthogonal_2016", 1.1), ("forgetful", 0.1)])
def test_a_start_lengthens_or_shrinks_a_memory_at_every_timestep(start: str, gain: float) -> None:
    config = PRESETS["rnn-many_to_one-2016"].model
    drawn = models.tensors(models.build(config, TrainConfig(recurrent_init=start)), config)
    memory = np.random.default_rng(0).normal(size=50)
    kept = np.linalg.norm(memory @ drawn["rnn.recurrent_kernel"]) / np.linalg.norm(memory)
    assert kept == pytest.approx(gain, rel=1e-4)


@pytest.mark.parametrize(
    ("start", "spread"),
    [
        ("glorot_uniform", np.sqrt(2 / 78)),
        ("glorot_normal", np.sqrt(2 / 78)),
        ("he_uniform", np.sqrt(2 / 28)),
        ("he_normal", np.sqrt(2 / 28)),
        ("lecun_uniform", np.sqrt(1 / 28)),
        ("normal", 0.05),
        ("uniform", 0.05 / np.sqrt(3)),
    ],
)
def test_input_weights_begin_as_wide_as_their_start_says(start: str, spread: float) -> None:
    config = PRESETS["rnn-many_to_one-2016"].model
    drawn = models.tensors(models.build(config, TrainConfig(kernel_init=start)), config)
    assert drawn["rnn.kernel"].std() == pytest.approx(spread, rel=0.06)


def test_an_identity_hands_a_memory_on_as_it_is() -> None:
    config = ModelConfig(units=5)
    drawn = models.tensors(models.build(config, TrainConfig(recurrent_init="identity")), config)
    np.testing.assert_array_equal(drawn["rnn.recurrent_kernel"], np.eye(5))


def test_saved_keras_file_opens_without_this_project(tmp_path) -> None:
    config = ModelConfig(backbone="cnn_rnn", filters=2, units=4)
    model = models.build(config)
    model.save(tmp_path / "model.keras")
    opened = keras.saving.load_model(tmp_path / "model.keras")
    pixels = np.random.default_rng(0).random((2, 28, 28), np.float32)
    np.testing.assert_array_equal(opened(pixels), model(pixels))
