"""Readers have names that a class understands, in an order that makes sense."""

import pytest

from mnist_rnn.catalog import model_title, shipped
from mnist_rnn.config import ModelConfig
from mnist_rnn.reader import Reader


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
        (tmp_path / f"{stem}.safetensors").touch()
    assert [entry.title for entry in shipped(tmp_path)] == [
        "RNN, many-to-many",
        "CNN+GRU row by row, many-to-many",
        "RNN, many-to-one, 2016",
        "RNN, many-to-many, 2016",
        "LSTM, many-to-one, 10 epochs",
        "CNN+RNN, many-to-one, 2016",
    ]


@pytest.mark.parametrize("entry", shipped(), ids=lambda entry: entry.key)
def test_every_shipped_reader_loads_and_states_its_accuracy(entry):
    card = Reader.load(entry.path).card
    network, head, _ = entry.key.split("-", 2)
    assert network in (card.model.backbone, card.model.cell)
    assert head == card.model.head
    assert card.epochs_done > 0
    assert card.test_accuracy == card.accuracy_by_timestep[-1]
    assert card.accuracy_by_digit is not None


@pytest.mark.parametrize(
    ("config", "title"),
    [
        (ModelConfig(), "RNN, many-to-one"),
        (ModelConfig(cell="lstm", head="many_to_many"), "LSTM, many-to-many"),
        (ModelConfig(backbone="cnn_rnn", order="row_major"), "CNN+RNN row by row, many-to-one"),
    ],
)
def test_networks_are_called_by_their_layers_and_head(config, title):
    assert model_title(config) == title
