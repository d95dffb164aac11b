"""Readers have names that a class understands, in an order that makes sense."""

import numpy as np
import pytest
from safetensors.numpy import save as to_safetensors

from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.evaluation.accuracy import evaluate
from mnist_rnn.evaluation.drawings import LAST_JUDGE, judge, sampled, variety
from mnist_rnn.network import weights
from mnist_rnn.network.catalog import WIRINGS, left_out, model_title, shipped
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from mnist_rnn.presets import PRESETS
from tests.networks import random_tensors


def test_classroom_then_plain_readers_come_first_and_many_to_one_before_many_to_many(tmp_path):
    stems = (
        "cnn_rnn-many_to_one-2016",
        "lstm-many_to_one-10_epochs",
        "rnn-many_to_many-2016",
        "rnn-many_to_one-2016",
        "cnn_rnn-many_to_many-classroom",
        "rnn-many_to_many-classroom",
    )
    for stem in stems:
        save(tmp_path / f"{stem}.safetensors")
    for head in ("one_to_one", "one_to_many"):
        save(tmp_path / f"{head}-classroom.safetensors", ModelConfig(head=head, units=2))
    assert [entry.title for entry in shipped(tmp_path)] == [
        "RNN, many-to-many",
        "CNN+GRU row by row, many-to-many",
        "RNN, many-to-one, 2016",
        "RNN, many-to-many, 2016",
        "LSTM, many-to-one, 10 epochs",
        "CNN+RNN map by map, many-to-one, 2016",
    ]
    assert left_out(tmp_path) == []


def save(path, config=ModelConfig(units=2)):  # noqa: B008 - frozen
    weights.save(path, random_tensors(config), Card(config))


def test_a_file_is_a_reader_whatever_it_is_called_or_the_reason_why_not_is_said(tmp_path):
    save(tmp_path / "Anna's network.safetensors")
    save(tmp_path / "many_to_one-in-name-only.safetensors", ModelConfig(head="one_to_one", units=2))
    keras_names = {"rnn/kernel": np.zeros((28, 2), np.float32)}
    (tmp_path / "of-keras.safetensors").write_bytes(to_safetensors(keras_names))
    (tmp_path / "torn-many_to_one.safetensors").write_bytes(b"torn")
    assert [entry.title for entry in shipped(tmp_path)] == ["Anna's network"]
    in_name_only, of_keras, torn = left_out(tmp_path)
    assert "in-name-only.safetensors does not read a digit row by row." in in_name_only
    assert "python -m mnist_rnn import" in of_keras
    assert "torn-many_to_one.safetensors is damaged" in torn
    save(tmp_path / "torn-many_to_one.safetensors")  # mended, it is one at once
    assert len(shipped(tmp_path)) == 2


@pytest.mark.parametrize("entry", shipped(), ids=lambda entry: entry.key)
def test_every_shipped_reader_loads_and_states_its_accuracy(entry):
    card = Reader.load(entry.path).card
    network, head, _ = entry.key.split("-", 2)
    assert network in (card.model.backbone, card.model.cell)
    assert head == card.model.head
    assert card.epochs_done > 0
    assert card.test_accuracy == card.accuracy_by_timestep[-1]
    assert card.accuracy_by_digit is not None


@pytest.mark.parametrize("head", WIRINGS)
def test_a_network_ships_for_each_wiring_and_was_trained_as_its_preset_says(head):
    entry = WIRINGS[head]
    network = Drawer.load(entry.path) if head == "one_to_many" else Reader.load(entry.path)
    assert network.config.head == head
    assert network.card.test_accuracy > 0.95
    if head.startswith("one"):
        preset = PRESETS[entry.key]
        assert (network.card.model, network.card.train) == (preset.model, preset.train)


def test_drawings_of_the_shipped_network_are_recognised_and_differ():
    drawer = Drawer.load(WIRINGS["one_to_many"].path)
    drawn = sampled(drawer, 1_000, np.random.default_rng(1))
    assert evaluate(judge(LAST_JUDGE), drawn).accuracy > 0.94
    ratio = variety(drawn) / variety(load_digits("test"))
    assert ratio.mean() > 0.55
    assert ratio.min() > 0.45


@pytest.mark.parametrize(
    ("config", "title"),
    [
        (ModelConfig(), "RNN, many-to-one"),
        (ModelConfig(cell="lstm", head="many_to_many"), "LSTM, many-to-many"),
        (ModelConfig(head="one_to_one"), "Dense, one-to-one"),
        (ModelConfig(cell="gru", head="one_to_many"), "GRU, one-to-many"),
        (ModelConfig(backbone="cnn_rnn", order="row_major"), "CNN+RNN row by row, many-to-one"),
    ],
)
def test_networks_are_called_by_their_layers_and_head(config, title):
    assert model_title(config) == title
