"""A picture becomes what MNIST would have made of it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.digits.as_mnist import stroke_width, to_mnist
from mnist_rnn.digits.ink import coverage
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.strokes import Stroke
from mnist_rnn.errors import UserError
from tests.digits.drawings import DASH, SEVEN, centre_of_mass


def seven(scale=1.0, shift=60.0, width=20.0, side=280):
    """The ink of a seven, (side, side) from 0 to 1."""
    lines = [Stroke(line * scale + shift, width) for line in (SEVEN, DASH)]
    return coverage(lines, side, side)


def box(image):
    """Height and width of all ink."""
    return tuple(int(np.ptp(np.flatnonzero(image.any(axis)))) + 1 for axis in (1, 0))


def difference(one, other):
    """Mean absolute difference in grey levels of 255."""
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


def test_mnist_itself_is_centred_in_row_and_column_14():
    centres = [centre_of_mass(image.astype(float)) for image in load_digits("test").images[:500]]
    assert np.abs(np.array(centres) - 14).max() <= 0.53


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


@pytest.mark.parametrize("width", [3.0, 4.0, 6.0])
def test_thin_ink_of_an_image_is_thickened(width):
    image = to_mnist(seven(scale=1.8, shift=50, width=width))
    assert 1.6 <= stroke_width(image / 255) <= 3.2
    assert image.max() > 230


def test_ink_as_thick_as_mnists_is_left_alone():
    ink = seven(scale=1.76, shift=[20.8, 12], width=24.0, side=200)  # a pen of 2.4 in 20 pixels
    image = to_mnist(ink)
    means = ink[:, : 10 * box(image)[1]].reshape(20, 10, -1, 10).mean((1, 3))
    top, left = (np.flatnonzero(image.any(axis))[0] for axis in (1, 0))
    np.testing.assert_array_equal(
        image[top : top + 20, left : left + means.shape[1]], np.rint(255 * means)
    )


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_the_width_of_a_stroke_is_measured(width):
    ink = np.zeros((20, 20))
    ink[2 : 2 + width] = 1
    assert stroke_width(ink) == pytest.approx(width, rel=0.3)


def test_faint_ink_counts_as_ink():
    ink = seven()
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


def test_an_empty_picture_gets_a_sentence():
    with pytest.raises(UserError, match="no ink"):
        to_mnist(np.zeros((280, 280), np.float32))


@pytest.mark.parametrize("jitter", [0.0, 0.04, 5.0])
def test_a_dot_gets_a_sentence(jitter):
    dot = Stroke(np.array([[140.0, 140.0], [140.0 + jitter, 140.0]]), 20.0)
    with pytest.raises(UserError, match="only a dot"):
        to_mnist(coverage([dot], 280, 280))


def test_one_pixel_of_ink_is_a_dot():
    ink = np.zeros((280, 280), np.float32)
    ink[100, 100] = 1
    with pytest.raises(UserError, match="only a dot"):
        to_mnist(ink)
