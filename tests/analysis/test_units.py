"""What hidden units stand for, and where their values come from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.analysis.units import (
    extremes,
    listens_to,
    order_by_vote,
    recipe,
    strongest_voter,
    writing_weights,
)
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.reader import Reader, Trace
from mnist_rnn.network.weights import Card, shapes

IMAGE = np.random.default_rng(7).integers(0, 256, (28, 28)).astype(np.uint8)
# The gates of each cell, forced open by their biases: the unit then holds nothing but new content.
UPDATE_ONLY_NEW = slice(0, 6)
LSTM_INPUT, LSTM_FORGET, LSTM_OUTPUT = slice(0, 6), slice(6, 12), slice(18, 24)


def random_reader(seed: int = 0, **config: str) -> Reader:
    model = ModelConfig(units=6, **config)
    random = np.random.default_rng(seed)
    tensors = {
        name: random.normal(0, 0.3, shape).astype(np.float32)
        for name, shape in shapes(model).items()
    }
    return Reader(tensors, Card(model))


def test_units_are_grouped_by_class_and_the_strongest_vote_comes_first():
    head_kernel = np.zeros((4, 10))
    head_kernel[0, 7] = 1.0
    head_kernel[1, 2] = 0.5
    head_kernel[2, 7] = 3.0
    head_kernel[3, 2] = 0.9
    assert order_by_vote(head_kernel).tolist() == [3, 1, 2, 0]


def test_every_unit_appears_once():
    order = order_by_vote(np.random.default_rng(0).normal(size=(50, 10)))
    assert sorted(order.tolist()) == list(range(50))


def test_the_strongest_voter_may_be_a_negative_unit_with_a_negative_weight():
    hidden = np.array([[0.9, 0.9, 0.9], [0.5, -1.0, 0.1]])
    probabilities = np.eye(10)[[3, 4]]
    trace = Trace(np.zeros((2, 28)), hidden, probabilities, probabilities)
    head_kernel = np.zeros((3, 10))
    head_kernel[:, 4] = [1.0, -2.0, 9.0]  # adds 0.5, 2.0 and 0.9 to the answer, 4
    head_kernel[:, 3] = [9.0, 0.0, 0.0]
    assert strongest_voter(trace, head_kernel) == 1


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.integers(0, 5), st.integers(0, 27))
def test_the_recipe_of_a_plain_unit_makes_its_value(seed, unit, row):
    reader = random_reader(seed)
    trace = reader.read(IMAGE)
    assert recipe(reader, trace, unit, row).new == pytest.approx(trace.hidden[row, unit], abs=1e-5)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.integers(0, 5), st.integers(0, 27))
def test_a_gru_unit_that_never_keeps_the_old_holds_its_new_content(seed, unit, row):
    reader = random_reader(seed, cell="gru")
    reader.tensors["rnn.bias"][:, UPDATE_ONLY_NEW] = -50
    trace = reader.read(IMAGE)
    assert recipe(reader, trace, unit, row).new == pytest.approx(trace.hidden[row, unit], abs=1e-5)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.integers(0, 5), st.integers(0, 27))
def test_an_lstm_unit_that_writes_and_shows_all_and_keeps_none_shows_its_new_content(
    seed, unit, row
):
    reader = random_reader(seed, cell="lstm")
    reader.tensors["rnn.bias"][LSTM_INPUT] = 50
    reader.tensors["rnn.bias"][LSTM_OUTPUT] = 50
    reader.tensors["rnn.bias"][LSTM_FORGET] = -50
    trace = reader.read(IMAGE)
    shown = np.tanh(recipe(reader, trace, unit, row).new)
    assert shown == pytest.approx(trace.hidden[row, unit], abs=1e-5)


def test_before_the_first_row_there_is_no_memory():
    reader = random_reader()
    first = recipe(reader, reader.read(np.zeros((28, 28), np.uint8)), 2, 0)
    assert (first.inputs, first.memory) == (0, 0)
    assert first.bias == pytest.approx(reader.tensors["rnn.bias"][2])


def test_the_parts_of_a_recipe_by_hand():
    reader = random_reader()
    reader.tensors["rnn.kernel"][:, 1] = 0
    reader.tensors["rnn.kernel"][[4, 5], 1] = [2.0, -1.0]
    image = np.zeros((28, 28), np.uint8)
    image[3, [4, 5]] = 255, 51  # 1.0 and 0.2
    trace = reader.read(image)
    assert recipe(reader, trace, 1, 3).inputs == pytest.approx(1.8)
    by_hand = sum(
        float(trace.hidden[2, other]) * float(reader.tensors["rnn.recurrent_kernel"][other, 1])
        for other in range(6)
    )
    assert recipe(reader, trace, 1, 3).memory == pytest.approx(by_hand, abs=1e-6)


@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
def test_writing_weights_are_one_block_of_the_kernels(cell):
    reader = random_reader(cell=cell, backbone="cnn_rnn", order="row_major")
    weights = writing_weights(reader)
    assert weights["kernel"].shape == (224, 6)
    assert weights["recurrent_kernel"].shape == (6, 6)


def test_it_listens_most_to_the_largest_weights_of_either_sign():
    weights = np.array([0.1, -3.0, 2.0, 0.0, -1.0, 5.0])
    assert listens_to(weights, 2).tolist() == [5, 2, 4, 1]
    assert listens_to(weights[:3], 2).tolist() == [2, 0, 1]


@pytest.mark.parametrize("found", [3, 499, 1_100])
def test_extremes_are_those_of_all_digits_sorted_by_the_value_of_a_unit(found):
    reader, digits = random_reader(), load_digits("test").first(found)
    hidden = reader.remember(reader.sequence(digits.images))
    extreme = extremes(reader, digits, 4)
    for row in range(28):
        for unit in range(6):
            values = hidden[:, row, unit]
            all_sorted = np.sort(values)
            wanted = all_sorted if found < 8 else np.concatenate([all_sorted[:4], all_sorted[-4:]])
            np.testing.assert_allclose(extreme.values[row, unit], wanted, atol=1e-6)
            numbers = extreme.numbers[row, unit]
            np.testing.assert_allclose(values[numbers], wanted, atol=1e-6)
            assert len(set(numbers)) == len(numbers)
