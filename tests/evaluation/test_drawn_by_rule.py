"""Ones with a flag and zeros with a slash are what the rules say, and always the same."""

import numpy as np

from mnist_rnn.digits.pen_digits import as_digits
from mnist_rnn.evaluation.drawn_by_rule import digits_by_rule, ones, zeros

# A hand is off by so many pixels, hardly ever by more; by so many degrees, on a short flag.
SHAKE, DEGREES = 12, 25


def test_a_one_has_a_flag_to_the_left_and_no_foot():
    for digit in ones(100, np.random.default_rng(0)):
        (stroke,) = digit.strokes
        assert digit.label == 1
        top = int(stroke.points[:, 1].argmin())
        flag, stem = stroke.points[0] - stroke.points[top], stroke.points[-1] - stroke.points[top]
        assert 150 - SHAKE < stem[1] < 200 + SHAKE
        assert -10 - 5 < np.degrees(np.arctan2(-stem[0], stem[1])) < 20 + 5
        assert 0.15 * 150 - SHAKE < np.hypot(*flag) < 0.5 * 200 + SHAKE
        assert 25 - DEGREES < np.degrees(np.arctan2(flag[1], -flag[0])) < 65 + DEGREES


def test_a_zero_has_a_slash_through_its_middle():
    for digit in zeros(100, np.random.default_rng(0)):
        ring, slash = (stroke.points for stroke in digit.strokes)
        assert digit.label == 0
        width, height = np.ptp(ring, axis=0)
        assert 44 - SHAKE < width < 120 + SHAKE
        assert 150 - SHAKE < height < 200 + SHAKE
        rise = slash[0] - slash[-1]
        assert 40 - 8 < np.degrees(np.arctan2(-rise[1], rise[0])) < 88 + 8
        assert np.abs(slash.mean(0) - (ring.min(0) + ring.max(0)) / 2).max() < SHAKE


def test_they_are_the_same_each_time_and_all_different():
    made = digits_by_rule()
    assert list(made) == ["ones_by_rule", "zeros_by_rule"]
    for name, rule in (("ones_by_rule", ones), ("zeros_by_rule", zeros)):
        assert len(np.unique(made[name].images, axis=0)) == 160
        again = as_digits(rule(160, np.random.default_rng(1)))
        np.testing.assert_array_equal(made[name].images, again.images)
