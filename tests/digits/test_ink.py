"""What people draw becomes what MNIST would have made of it."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.digits.as_mnist import PEN, stroke_width
from mnist_rnn.digits.ink import coverage, drawing_to_image
from mnist_rnn.digits.strokes import Stroke, strokes_from_canvas
from mnist_rnn.errors import UserError
from tests.digits.drawings import HOOK, SYMMETRIC, centre_of_mass, lines, seven


def inked(image):
    """The box of all ink."""
    rows, columns = (np.flatnonzero(image.any(axis)) for axis in (1, 0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def most_apart(one, other):
    """The largest difference of a pixel, in grey levels of 255."""
    return int(np.abs(one.astype(int) - other).max())


@cache
def sevens_image():
    return drawing_to_image(seven())


def test_a_pen_covers_what_lies_within_its_radius() -> None:
    (line,) = lines([[2, 2.5], [6, 2.5]])
    cover = coverage([Stroke(line.points, 2.0)], 5, 8)
    corner = 1.5 - math.sqrt(0.5**2 + 1)
    np.testing.assert_allclose(cover[2], [0, 1, 1, 1, 1, 1, 1, 0])
    np.testing.assert_allclose(cover[1], [0, corner, 0.5, 0.5, 0.5, 0.5, corner, 0])
    np.testing.assert_array_equal(cover[3], cover[1])
    assert not cover[[0, 4]].any()


def test_a_pen_that_stays_makes_a_disc() -> None:
    cover = coverage(lines([[140, 140]]), 280, 280)
    assert cover.sum() == pytest.approx(math.pi * 10**2, rel=0.01)
    np.testing.assert_array_equal(cover, cover.T)


def test_lines_that_cross_are_no_darker() -> None:
    assert coverage(lines([[20, 50], [80, 50]], [[50, 20], [50, 80]]), 100, 100).max() == 1


def test_ink_beside_the_picture_is_left_out() -> None:
    assert not coverage(lines([[400, 400], [500, 500]], [[-90, 3], [-40, 3]]), 280, 280).any()


def test_a_long_drawing_is_inked_as_its_parts_are() -> None:
    points = np.random.default_rng(0).uniform(0, 60, (600, 2))
    parts = [Stroke(points[[n, n + 1]], 3.0) for n in range(599)]
    whole = coverage([Stroke(points, 3.0)], 60, 60)
    np.testing.assert_array_equal(whole, np.maximum.reduce([coverage([p], 60, 60) for p in parts]))


def test_a_one_by_hand() -> None:
    image = drawing_to_image(lines([[140, 40], [140, 240]]))
    # The pen's middle is at 4.8 subpixels of a box that is 12 wide. The distances of their middles
    # are 4.3, 3.3, 2.3, 1.3; 0.3, 0.7, 1.7, 2.7; 3.7, 4.7, 5.7, 6.7: all are covered up to 4.3,
    # the one at 4.7 by 4.8 - 4.7 + 0.5 = 0.6, none beyond. The third pixel has 1.6 of 4.
    assert inked(image).shape == (20, 3)
    np.testing.assert_array_equal(inked(image)[2:18], [[255, 255, 102]] * 16)
    # The centre of mass is in column (255 + 2 * 102) / 612 = 0.75: 14 - 0.75 + 129/256 is 13.75.
    np.testing.assert_array_equal(np.flatnonzero(image.any(0)), [13, 14, 15])


@pytest.mark.parametrize("shape", SYMMETRIC)
def test_noise_does_not_move_a_symmetric_drawing(shape: str) -> None:
    random = np.random.default_rng(0)
    clean = drawing_to_image(lines(*SYMMETRIC[shape]))
    for _ in range(20):
        noisy = [
            np.array(line) + random.normal(0, 0.005, (len(line), 2)) for line in SYMMETRIC[shape]
        ]
        # Moved by a pixel, it would differ by many levels.
        assert most_apart(drawing_to_image(lines(*noisy)), clean) <= 5


@pytest.mark.parametrize("shape", ["plus", "cross", "square"])
def test_a_symmetric_drawing_lies_in_the_middle(shape: str) -> None:
    image = drawing_to_image(lines(*SYMMETRIC[shape]))
    # 20 pixels with their centre half-way between two: of both places the one to the bottom right.
    np.testing.assert_array_equal(np.flatnonzero(image.any(0)), np.arange(5, 25))
    np.testing.assert_array_equal(np.flatnonzero(image.any(1)), np.arange(5, 25))
    assert most_apart(inked(image), inked(image).T) <= 1
    assert most_apart(inked(image), inked(image)[::-1, ::-1]) <= 1


def test_a_drawing_becomes_an_image_like_those_of_mnist() -> None:
    image = sevens_image()
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    assert image.max() == 255
    assert max(inked(image).shape) == 20
    assert stroke_width(image / 255) == pytest.approx(PEN, abs=0.35)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.3, 20), st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 10))
def test_neither_size_nor_place_nor_pen_matters(scale, left, top, width):
    image = drawing_to_image(seven(scale, (left, top), width))
    assert most_apart(image, sevens_image()) <= 1


@pytest.mark.parametrize("shift", [(1, 0), (0, 1), (-1, -1), (17, -30)])
def test_a_move_by_pixels_changes_nothing(shift) -> None:
    drawn = np.round(HOOK * 1.01, 2)
    assert most_apart(drawing_to_image(lines(drawn + shift)), drawing_to_image(lines(drawn))) <= 1


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({"flipX": True}, np.fliplr),
        ({"flipY": True}, np.flipud),
        ({"angle": 90}, lambda image: np.rot90(image, -1)),
        ({"angle": 180}, lambda image: np.rot90(image, 2)),
        ({"angle": 270, "flipX": True}, np.transpose),
        ({"scaleX": 1.7, "scaleY": 1.7}, np.array),
    ],
)
def test_a_drawing_turned_on_the_canvas_is_a_turned_image(edit, expected) -> None:
    path = [["M", *HOOK[0]], *(["L", *point] for point in HOOK[1:])]
    placed = {"type": "Path", "path": path, "left": 140, "top": 140, "strokeWidth": 20}
    plain, turned = (
        drawing_to_image(strokes_from_canvas({"objects": [item]}))
        for item in (placed, placed | edit)
    )
    assert most_apart(inked(turned), expected(inked(plain))) <= 1


points = st.tuples(st.integers(0, 28_000), st.integers(0, 28_000))


@settings(deadline=None)
@given(st.lists(st.lists(points, min_size=2, max_size=12), min_size=1, max_size=4))
def test_the_centre_of_mass_is_in_the_middle(drawing) -> None:
    drawn = [np.array(line) / 100 for line in drawing]
    if max(np.ptp(line, axis=0).max() for line in drawn) <= 10:
        return
    image = drawing_to_image(lines(*drawn))
    # Up to half a pixel off; a box of 20 can be moved by 4 pixels from the middle at most.
    for centre, ink in zip(centre_of_mass(image), (image.any(1), image.any(0)), strict=True):
        at_an_edge = ink[0] or ink[-1]
        assert at_an_edge or abs(centre - 14) <= 0.505


def test_an_empty_drawing_gets_a_sentence() -> None:
    with pytest.raises(UserError, match="no ink"):
        drawing_to_image([])


@pytest.mark.parametrize("jitter", [0.0, 0.04, 5.0, 10.0])
def test_a_dot_gets_a_sentence(jitter: float) -> None:
    with pytest.raises(UserError, match="only a dot"):
        drawing_to_image(lines([[140, 140], [140 + jitter, 140]]))


def test_a_slip_of_the_pen_beside_a_digit_is_left_out() -> None:
    slip = lines([[270, 270], [271, 270]])
    assert most_apart(drawing_to_image([*seven(), *slip]), sevens_image()) == 0
