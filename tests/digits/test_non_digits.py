"""Non-digits look like drawings, and readers that saw some doubt others."""

import numpy as np
import pytest

from mnist_rnn.digits import non_digits as module
from mnist_rnn.digits.as_mnist import BOX
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.digits.non_digits import by_hand, non_digits, straight
from mnist_rnn.digits.strokes import pencil

DIGITS = load_digits("train").first(300)


def test_the_same_random_numbers_give_the_same_images():
    first, second = (non_digits(30, DIGITS, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (first != non_digits(30, DIGITS, np.random.default_rng(4))).any()


def test_they_are_made_as_a_drawing_is():
    images = non_digits(100, DIGITS, np.random.default_rng(0))
    assert images.shape == (100, 28, 28)
    assert images.dtype == np.uint8
    for image in images:
        rows, columns = (np.flatnonzero(image.any(axis)) for axis in (1, 0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(BOX, abs=1)


@pytest.mark.parametrize("kind", module._DRAWINGS, ids=lambda kind: kind.__name__)
def test_every_kind_of_drawing_is_drawn_anew(kind):
    random = np.random.default_rng(0)
    first, second = ([line.tolist() for line in kind(random)] for _ in range(2))
    sizes = [np.ptp(np.concatenate(lines), axis=0).max() for lines in (first, second)]
    assert min(sizes) > 0.3
    hands = [by_hand([np.array(line) for line in first], random) for _ in range(2)]
    assert (hands[0][0].points[0] != hands[1][0].points[0]).all()


def test_two_digits_stand_side_by_side():
    one = np.zeros((2, 28, 28), np.uint8)
    one[:, 4:24, 13:16] = 255  # a bar, 20 high and 3 wide
    image = module.side_by_side(Digits(one, np.ones(2, np.uint8)), np.random.default_rng(0))
    columns = image[14] > 0
    starts = np.flatnonzero(np.diff(columns.astype(int)) == 1)
    assert len(starts) == 2
    np.testing.assert_array_equal((image > 0).any(1).sum(), 20)


def test_a_turned_digit_is_another_shape_with_the_same_ink():
    image = module.turned_over(DIGITS, np.random.default_rng(0))
    turnable = DIGITS.images[np.isin(DIGITS.labels, list(module._TURNS))]
    assert not (turnable == image).all((1, 2)).any()
    assert (np.sort(turnable.reshape(len(turnable), -1)) == np.sort(image.ravel())).all(1).any()


def test_straight_lines_stay_straight_under_the_pencil():
    corners = np.array([[0.0, 0.0], [100, 0], [100, 80]])
    points = pencil(straight(corners), 1.0).points
    off = np.minimum(np.abs(points[:, 1]), np.abs(points[:, 0] - 100))
    # It only rounds the corner off, by half a step of an eighth of the line at most.
    assert off.max() <= 100 / 8
    assert (off < 1e-9).mean() > 0.7
    np.testing.assert_array_equal(points[[0, -1]], corners[[0, -1]])
