"""Drawings as text for an address: short, read the same, and any other text is refused."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.packing import (
    LONGEST_ADDRESS,
    from_address,
    image_from_address,
    image_to_address,
    pack,
    to_address,
    unpack,
)
from mnist_rnn.digits.strokes import Stroke, canvas_json, pencil, strokes_from_canvas
from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import OPENING, shipped
from mnist_rnn.network.reader import Reader

CORNERS = {
    7: [[(75, 60), (205, 60), (185, 110), (150, 170), (125, 245)], [(110, 150), (190, 150)]],
    2: [[(80, 90), (110, 45), (180, 50), (190, 110), (140, 170), (75, 235), (210, 232)]],
    0: [[(140, 40), (85, 80), (75, 160), (120, 240), (190, 210), (205, 120), (180, 55), (140, 40)]],
}


def drawn(corners) -> Stroke:
    """A stroke along corners by a pointer that tells where it is every few pixels."""
    parts = [np.linspace(a, b, 12, endpoint=False) for a, b in pairwise(corners)]
    return pencil(np.concatenate([*parts, [corners[-1]]]).round(), 20)


@pytest.mark.parametrize("digit", CORNERS)
def test_a_drawing_comes_back_short_and_is_read_the_same(digit):
    strokes = [drawn(corners) for corners in CORNERS[digit]]
    text = to_address(strokes)
    assert re.fullmatch(r"[\w.-]+", text)
    assert len(text) < 260
    back = from_address(text)
    assert [stroke.width for stroke in back] == [20] * len(strokes)
    images = [drawing_to_image(some) for some in (strokes, back)]
    assert np.abs(images[0].astype(int) - images[1]).max() <= 16
    for entry in shipped():
        if entry.key in OPENING:
            first, second = (Reader.load(entry.path).read(image) for image in images)
            assert first.answers[-1] == second.answers[-1] == digit
            np.testing.assert_allclose(first.probabilities[-1], second.probabilities[-1], atol=0.02)


def test_what_comes_back_stays_as_it_is():
    text = to_address([drawn(corners) for corners in CORNERS[7]])
    assert to_address(from_address(text)) == text


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 1120), st.integers(0, 1120)), min_size=1, max_size=20),
        min_size=1,
        max_size=4,
    )
)
def test_the_canvas_shows_the_strokes_of_an_address(lines):
    strokes = [Stroke(np.array(line) / 4, 20) for line in lines]
    shown = strokes_from_canvas(canvas_json(strokes))
    for stroke, other in zip(strokes, shown, strict=True):
        twice = stroke.points if len(stroke.points) > 1 else np.repeat(stroke.points, 2, axis=0)
        np.testing.assert_allclose(other.points, twice, atol=0.011)
        assert other.width == pytest.approx(20)


@given(
    st.lists(st.tuples(*[st.integers(-(2**28), 2**28)] * 2), min_size=1, max_size=30).map(np.array)
)
def test_whole_numbers_come_back(points):
    np.testing.assert_array_equal(unpack(pack(points)), points)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "A",
        "..",
        "AA.",
        "\u0663",
        "AA==",
        "____",
        "%41",
        "/wAA",
        "A" * 7000,
        "fwAAA.",
        "____" * 400 + "_wAA",
    ],
)
def test_anything_else_is_refused_in_a_sentence(text):
    with pytest.raises(UserError, match="can't be read"):
        from_address(text)


@given(st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_.-]*", fullmatch=True)))
def test_any_text_is_a_drawing_or_refused(text):
    try:
        strokes = from_address(text)
    except UserError:
        return
    assert all(np.isfinite(stroke.points).all() for stroke in strokes)
    strokes_from_canvas(canvas_json(strokes))


def test_a_drawing_that_is_too_long_for_an_address_is_left_out():
    noise = np.random.default_rng(1).integers(0, 280, (LONGEST_ADDRESS, 2))
    assert to_address([Stroke(noise.astype(float), 20)]) == ""


@given(arrays(np.uint8, (28, 28)))
def test_an_image_comes_back_from_an_address(image):
    text = image_to_address(image)
    assert re.fullmatch(r"[\w-]+", text)
    np.testing.assert_array_equal(image_from_address(text), image)


def test_even_noise_and_digits_are_short_enough():
    noise = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    np.testing.assert_array_equal(image_from_address(image_to_address(noise)), noise)
    lengths = [len(image_to_address(image)) for image in load_digits("test").images[:1000]]
    assert max(lengths) < 500


@given(st.one_of(st.text(), st.text("abcXYZ019_-", min_size=1, max_size=1300)))
@example(image_to_address(np.zeros((28, 27), np.uint8)))
@example(image_to_address(np.zeros((29, 28), np.uint8)))
@example(image_to_address(np.zeros((4000, 4000), np.uint8))[:1200])
@example(image_to_address(np.zeros((28, 28), np.uint8))[:-4])
def test_any_other_text_is_no_image(text):
    with pytest.raises(UserError, match="can't be read"):
        image_from_address(text)
