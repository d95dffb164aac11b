"""The figure of "Which pixels mattered?" says what the gradients say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn.analysis.blame import Blame, blame
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.figures.draw.blame import LEAST, blame_figure, memory_profile
from mnist_rnn.figures.panels import Reading
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from tests.networks import random_tensors

DIGIT = load_digits("test").images[0]
PLAIN = ModelConfig(units=7, head="many_to_one")
EVERY_ROW = replace(PLAIN, head="many_to_many", cell="lstm")
MAP_BY_MAP = replace(PLAIN, backbone="cnn_rnn", order="map_major", filters=8)


def blamed(config: ModelConfig, row: int) -> tuple[Reading, Blame]:
    reader = Reader(random_tensors(config), Card(config))
    reading = Reading("a reader", config, reader.read(DIGIT), np.arange(7))
    return reading, blame(reader, DIGIT, row * config.timesteps // 28)


def figure_of(*configs: ModelConfig, row: int = 20):
    pairs = [blamed(config, row) for config in configs]
    readings, blames = zip(*pairs, strict=True)
    return blames, blame_figure(DIGIT, readings, blames, row)


def test_each_reader_gets_its_ink_its_row_shares_and_its_memory():
    blames, figure = figure_of(PLAIN, EVERY_ROW)
    for number, found in enumerate(blames):
        ink, outline, shares, memory = figure.data[1 + 4 * number : 5 + 4 * number]
        np.testing.assert_allclose(ink.z, found.ink, rtol=1e-6)
        np.testing.assert_array_equal(outline.z, DIGIT)
        np.testing.assert_allclose(np.ravel(shares.z), 100 * found.by_row, rtol=1e-6)
        np.testing.assert_array_equal(memory.x, memory_profile(found.memory, 28)[0])


def test_ink_of_the_same_weight_for_and_against_has_opposite_colours():
    ink = figure_of(PLAIN)[1].data[1]
    assert ink.zmin == -ink.zmax


def test_shares_can_be_read_without_colour():
    (found,), figure = figure_of(PLAIN)
    written = np.ravel(figure.data[3].text)
    percent = np.rint(100 * found.by_row).astype(int)
    assert [text for text in written if text] == [str(share) for share in percent if share >= 2]


def test_the_answer_is_that_of_the_row_and_an_untrained_head_is_called_so():
    for config, row, note in ((PLAIN, 20, True), (PLAIN, 28, False), (EVERY_ROW, 20, False)):
        (found,), figure = figure_of(config, row=row)
        (large,) = [text.text for text in figure.layout.annotations if text.font.size == 40]
        assert large.startswith(f"<b>{found.answer}</b>")
        assert ("never trained here" in large) == note


def test_the_line_is_at_the_row_and_what_comes_later_is_veiled():
    for shape in figure_of(PLAIN, row=13)[1].layout.shapes:
        assert shape.y0 == 13
        assert shape.y1 == (13 if shape.type == "line" else 28)


def test_of_a_reader_that_goes_map_by_map_only_the_memory_is_veiled():
    layout = figure_of(MAP_BY_MAP)[1].layout
    memory = layout.xaxis4.domain
    assert {(shape.x0, shape.x1) for shape in layout.shapes} == {tuple(memory)}


def test_a_memory_profile_steps_down_the_rows_on_a_logarithmic_scale():
    x, y = memory_profile(np.array([0.01, 0.1, 1.0]), timesteps=4)
    np.testing.assert_allclose(x, [LEAST, -2, -2, -1, -1, 0, 0, LEAST])
    np.testing.assert_allclose(y, [0, 0, 7, 7, 14, 14, 21, 21])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=28))
def test_what_is_off_the_scale_stays_on_its_edge(memory):
    x, y = memory_profile(np.array(memory), timesteps=28)
    assert x.shape == y.shape
    assert (x >= LEAST).all()


@pytest.mark.parametrize(("first", "text"), [(0.0123, "1.2%"), (1e-9, "&lt;0.01%"), (30, "3,000%")])
def test_what_the_first_row_still_counts_is_written(first, text):
    reading, found = blamed(PLAIN, 28)
    memory = np.concatenate([[first], found.memory[1:]])
    figure = blame_figure(DIGIT, [reading], [replace(found, memory=memory)], 28)
    assert f"<b>{text}</b>" in [note.text for note in figure.layout.annotations]
