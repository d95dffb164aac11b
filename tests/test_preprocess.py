"""What people draw becomes what MNIST would have made of it."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.digits.as_mnist import (
    PEN,
    drawing_to_image,
    inked_like_mnist,
    stroke_width,
    to_mnist,
)
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.strokes import Stroke, render_strokes
from mnist_rnn.errors import UserError

SEVEN = np.array([[0.0, 0.0], [60.0, 0.0], [20.0, 100.0]])
DASH = np.array([[-5.0, 50.0], [55.0, 50.0]])


def seven(scale=1.0, shift=(60.0, 60.0), width=20.0):
    return [Stroke(line * scale + np.array(shift), width) for line in (SEVEN, DASH)]


def centre_of_mass(image):
    pixels = np.arange(28)
    return np.array([image.sum(1) @ pixels, image.sum(0) @ pixels]) / image.sum()


def box(image):
    """Height and width of all ink."""
    return tuple(int(np.ptp(np.flatnonzero(image.any(axis)))) + 1 for axis in (1, 0))


def difference(one, other):
    """Mean absolute difference in grey levels of 255."""
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


@cache
def sevens_image():
    return drawing_to_image(seven())


def test_a_drawing_becomes_an_image_like_those_of_mnist():
    image = sevens_image()
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    assert image.max() == 255
    assert max(box(image)) == 20
    assert (image[0] == 0).all()
    assert (image[:, -1] == 0).all()


@pytest.mark.parametrize("shift", [(-20, -30), (150, 10), (10, 150), (170, 170)])
def test_drawing_off_centre_is_centred(shift):
    image = drawing_to_image(seven(shift=shift))
    assert np.abs(centre_of_mass(image) - 14).max() <= 0.51
    assert difference(image, sevens_image()) < 1


def test_mnist_itself_is_centred_in_row_and_column_14():
    centres = [centre_of_mass(image.astype(float)) for image in load_digits("test").images[:500]]
    assert np.abs(np.array(centres) - 14).max() <= 0.53


@settings(max_examples=30, deadline=None)
@given(st.floats(0.3, 20), st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 10))
def test_neither_size_nor_place_nor_pen_matters(scale, left, top, width):
    image = drawing_to_image(seven(scale, (left, top), width))
    assert difference(image, sevens_image()) < 2


@settings(max_examples=30, deadline=None)
@given(st.integers(20, 200), st.integers(20, 200), st.integers(0, 70), st.integers(0, 70))
def test_proportions_are_kept(height, width, top, left):
    ink = np.zeros((280, 280), np.float32)
    ink[top : top + height, left : left + width] = 1
    thickness = 2 + max(height, width) // 12
    ink[top + thickness : top + height - thickness, left + thickness : left + width - thickness] = 0
    image = to_mnist(ink)
    longer = max(height, width)
    for got, length in zip(box(image), (height, width), strict=True):
        assert got == math.ceil(20 * length / longer - 1e-9)


@pytest.mark.parametrize("width", [2.0, 6.0, 20.0, 40.0])
def test_ink_gets_as_thick_as_mnists_whatever_the_pen(width):
    image = drawing_to_image(seven(width=width))
    assert stroke_width(image / 255) == pytest.approx(PEN, abs=0.35)


def test_a_drawing_is_inked_in_a_square_of_200_pixels():
    points = np.concatenate([stroke.points for stroke in inked_like_mnist(seven())])
    assert points.min(0) == pytest.approx([12, 12])
    assert points.max() == pytest.approx(188)


@pytest.mark.parametrize("width", [3.0, 4.0, 6.0])
def test_thin_ink_of_an_image_is_thickened(width):
    lines = seven(scale=1.8, shift=(50, 50), width=width)
    image = to_mnist(render_strokes(lines))
    assert 1.6 <= stroke_width(image / 255) <= 3.2
    assert image.max() > 230


def test_ink_as_thick_as_mnists_is_left_alone():
    ink = render_strokes(inked_like_mnist(seven()), 200)
    assert difference(to_mnist(ink), sevens_image()) == 0


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_the_width_of_a_stroke_is_measured(width):
    ink = np.zeros((20, 20))
    ink[2 : 2 + width] = 1
    assert stroke_width(ink) == pytest.approx(width, rel=0.3)


def test_faint_ink_counts_as_ink():
    ink = render_strokes(seven())
    assert difference(to_mnist(ink), to_mnist(ink * 0.9)) < 10


def test_an_image_of_mnist_comes_back_as_it_was():
    images = load_digits("test").images[:300]
    large = images.repeat(10, 1).repeat(10, 2).astype(np.float32) / 255
    changes = np.array(
        [difference(to_mnist(ink), image) for ink, image in zip(large, images, strict=True)]
    )
    # Those with the thinnest strokes, one in twenty or so, are thickened on purpose.
    assert np.mean(changes < 0.1) > 0.9
    assert changes.mean() < 2


def test_an_empty_drawing_gets_a_sentence():
    with pytest.raises(UserError, match="no ink"):
        drawing_to_image([])
    with pytest.raises(UserError, match="no ink"):
        to_mnist(np.zeros((280, 280), np.float32))


@pytest.mark.parametrize("jitter", [0.0, 0.04, 5.0])
def test_a_dot_gets_a_sentence(jitter):
    dot = Stroke(np.array([[140.0, 140.0], [140.0 + jitter, 140.0]]), 20.0)
    with pytest.raises(UserError, match="only a dot"):
        drawing_to_image([dot])
    with pytest.raises(UserError, match="only a dot"):
        to_mnist(render_strokes([dot]))


def test_one_pixel_of_ink_is_a_dot():
    ink = np.zeros((280, 280), np.float32)
    ink[100, 100] = 1
    with pytest.raises(UserError, match="only a dot"):
        to_mnist(ink)


def test_a_slip_of_the_pen_beside_a_digit_is_left_out():
    slip = Stroke(np.array([[270.0, 270.0], [271.0, 270.0]]), 20.0)
    assert difference(drawing_to_image([*seven(), slip]), sevens_image()) == 0
