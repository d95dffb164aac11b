"""Edits of a digit and of a memory do what they say, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_rnn.analysis.what_if import TURNS, chimera, erase_rows, forget, shift, transplant
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.figures.draw.what_if import REACH, Outcome, profiles, what_if_figure
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.panels import Reading
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from tests.networks import ROW_READERS, name, random_tensors

DIGIT, DONOR = load_digits("test").images[:2]
images = arrays(np.uint8, (28, 28))
CELLS = [ModelConfig(cell=cell, units=7) for cell in ("simple_rnn", "gru", "lstm")]


def reader_of(config: ModelConfig) -> Reader:
    return Reader(random_tensors(config), Card(config))


def corner() -> np.ndarray:
    """Ink at the top left: 1 in the corner, 2 to its right, 3 below it."""
    image = np.zeros((28, 28), np.uint8)
    image[0, 0], image[0, 1], image[1, 0] = 1, 2, 3
    return image


@given(images, st.integers(1, 28), st.integers(1, 28))
def test_only_the_rows_named_lose_their_ink(image, one, other):
    first, last = sorted((one, other))
    erased = erase_rows(image, first, last)
    for row in range(1, 29):
        expected = 0 if first <= row <= last else image[row - 1]
        assert (erased[row - 1] == expected).all()


@given(images, st.integers(-28, 28), st.integers(-28, 28))
def test_every_pixel_moves_by_the_shift_or_leaves(image, down, right):
    moved = shift(image, down, right)
    for row, column in np.ndindex(28, 28):
        source = (row - down, column - right)
        inside = all(0 <= place < 28 for place in source)
        assert moved[row, column] == (image[source] if inside else 0)


@pytest.mark.parametrize(
    ("turn", "places"),
    [
        ("upside down", {1: (27, 27), 2: (27, 26), 3: (26, 27)}),
        ("mirrored", {1: (0, 27), 2: (0, 26), 3: (1, 27)}),
        ("from below", {1: (27, 0), 2: (27, 1), 3: (26, 0)}),
        ("from the left", {1: (0, 0), 2: (1, 0), 3: (0, 1)}),
        ("from the right", {1: (27, 0), 2: (26, 0), 3: (27, 1)}),
    ],
)
def test_turns_put_the_corner_where_their_name_says(turn, places):
    turned = TURNS[turn](corner())
    assert {int(turned[place]): place for place in zip(*turned.nonzero(), strict=True)} == places


@given(images)
def test_a_turn_keeps_the_ink(image):
    for turn in TURNS.values():
        assert (np.sort(turn(image), axis=None) == np.sort(image, axis=None)).all()


@pytest.mark.parametrize("config", ROW_READERS, ids=name)
def test_a_memory_transplanted_from_the_same_digit_changes_nothing(config):
    reader = reader_of(config)
    ours, plain = transplant(reader, DIGIT, DIGIT, 11), reader.read(DIGIT)
    np.testing.assert_allclose(ours.hidden, plain.hidden, atol=1e-6)
    np.testing.assert_allclose(ours.probabilities, plain.probabilities, atol=1e-6)


@pytest.mark.parametrize("config", CELLS, ids=name)
@pytest.mark.parametrize("row", [1, 14, 27])
def test_to_a_plain_network_a_transplant_is_a_digit_put_together_from_two(config, row):
    reader = reader_of(config)
    ours = transplant(reader, DONOR, DIGIT, row)
    expected = reader.read(chimera(DONOR, DIGIT, row))
    np.testing.assert_allclose(ours.hidden, expected.hidden, atol=1e-6)
    np.testing.assert_array_equal(ours.sequence, expected.sequence)


def test_a_transplant_map_by_map_changes_over_after_the_same_share_of_the_maps():
    reader = reader_of(
        ModelConfig(backbone="cnn_rnn", order="map_major", filters=8, units=7, cell="lstm")
    )
    ours = transplant(reader, DONOR, DIGIT, 14)
    np.testing.assert_array_equal(ours.sequence[:112], reader.read(DONOR).sequence[:112])
    np.testing.assert_array_equal(ours.sequence[112:], reader.read(DIGIT).sequence[112:])
    np.testing.assert_allclose(ours.hidden[:112], reader.read(DONOR).hidden[:112], atol=1e-6)


@pytest.mark.parametrize("config", ROW_READERS, ids=name)
def test_after_forgetting_the_rest_is_read_as_if_it_were_all(config):
    reader = reader_of(config)
    ours = forget(reader, DIGIT, 14)
    half = config.timesteps // 2
    rest = reader.remember(reader.sequence(DIGIT[None])[:, half:])[0]
    np.testing.assert_allclose(ours.hidden[:half], reader.read(DIGIT).hidden[:half], atol=1e-6)
    np.testing.assert_allclose(ours.hidden[half:], rest, atol=1e-6)


@settings(deadline=None)
@given(st.integers(1, 27))
def test_forgetting_before_the_digit_begins_again_is_starting_anew(row):
    """A plain network without biases doesn't notice empty rows: its memory stays empty."""
    config = ModelConfig(units=7)
    tensors = random_tensors(config)
    tensors["rnn.bias"][:] = 0
    reader = Reader(tensors, Card(config))
    lower = erase_rows(DIGIT, 1, row)
    forgot, lower_alone = forget(reader, DIGIT, row), reader.read(lower)
    np.testing.assert_allclose(forgot.hidden[row:], lower_alone.hidden[row:], atol=1e-6)


def test_profiles_reach_as_far_as_a_class_is_likely_in_a_step_for_each_timestep():
    probabilities = np.zeros((2, 10))
    probabilities[0, 3], probabilities[1, 3] = 0.5, 1.0
    x, y = profiles(probabilities)
    third = slice(3 * 7, 4 * 7)  # base, two corners a timestep, base, gap
    np.testing.assert_allclose(
        x[third], [3, 3 + REACH / 2, 3 + REACH / 2, 3 + REACH, 3 + REACH, 3, np.nan]
    )
    np.testing.assert_allclose(y[third], [0, 0, 14, 14, 28, 28, np.nan])


def figure_after(config: ModelConfig):
    reader = reader_of(config)
    reading = Reading("a reader", config, reader.read(DIGIT), np.arange(7))
    edited = erase_rows(DIGIT, 8, 12)
    change = Outcome(edited, [reader.read(edited)], "erased", top=7, bottom=12)
    return reading, change, what_if_figure(DIGIT, [reading], change)


def test_the_new_reading_is_filled_and_the_old_one_outlined():
    reading, change, figure = figure_after(ModelConfig(head="many_to_many", units=7))
    image, outline, now, before, _ = figure.data
    np.testing.assert_array_equal(image.z, change.image)
    np.testing.assert_array_equal(outline.z, DIGIT)
    assert now.fill == "toself"
    assert before.line.color == PALETTES["light"].ghost
    np.testing.assert_array_equal(now.x, profiles(change.traces[0].probabilities)[0])
    np.testing.assert_array_equal(before.x, profiles(reading.trace.probabilities)[0])
    (band,) = figure.layout.shapes
    assert (band.type, band.y0, band.y1) == ("rect", 7, 12)


def test_a_head_that_was_never_trained_in_a_row_is_grey_there():
    figure = figure_after(ModelConfig(head="many_to_one", units=7))[2]
    untrained, trained = figure.data[2:4]
    assert untrained.fillcolor == PALETTES["light"].untrained[1][1]
    assert trained.fillcolor == PALETTES["light"].probability[1][1]
    assert np.nanmin(np.array(trained.y)) == 27
    assert "grey: not trained here" in figure.layout.xaxis2.title.text
    everywhere = figure_after(ModelConfig(head="many_to_many", units=7))[2]
    assert "grey" not in everywhere.layout.xaxis2.title.text


def test_a_certainty_is_not_called_100_percent():
    config = ModelConfig(head="many_to_one", units=7)
    certain = np.eye(10, dtype=np.float32)[[5] * 28]
    trace = replace(reader_of(config).read(DIGIT), probabilities=certain)
    reading = Reading("a reader", config, trace, np.arange(7))
    figure = what_if_figure(DIGIT, [reading], Outcome(DIGIT, [trace], "turned"))
    (answers,) = (note.text for note in figure.layout.annotations if "→" in note.text)
    assert answers.count(">99%") == 2
