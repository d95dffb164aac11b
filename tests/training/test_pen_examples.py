"""Ones get a flag and zeros a slash, and what people wrote stays beneath."""

import numpy as np

from mnist_rnn.digits.pen_digits import load_pens, pen_images
from mnist_rnn.digits.strokes import Stroke
from mnist_rnn.training import pen_examples as module
from mnist_rnn.training.pen_examples import MADE, flagged, pen_digits, slashed

STEM = Stroke(np.array([[150.0, 40], [145, 140], [140, 240]]), 20)
TURN = np.linspace(0, 2 * np.pi, 40)
RING = Stroke(np.stack([140 + 70 * np.sin(TURN), 140 - 100 * np.cos(TURN)], 1), 20)


def test_a_flag_falls_to_the_left_from_the_top_and_a_foot_lies_at_the_bottom():
    random, feet = np.random.default_rng(0), 0
    for _ in range(200):
        one, *foot = flagged(STEM, random)
        np.testing.assert_array_equal(one.points[-3:], STEM.points)
        reach = one.points[0] - STEM.points[0]
        assert 0.1 * 200 < np.hypot(*reach) < 0.55 * 200
        assert 24 < np.degrees(np.arctan2(reach[1], -reach[0])) < 71
        feet += len(foot)
        for line in foot:
            assert np.abs(line.points[:, 1] - 240).max() < 30
            assert line.points[0, 0] < 140 < line.points[1, 0]
    assert 0.2 < feet / 200 < 0.4


def test_a_stem_that_was_drawn_upwards_is_flagged_at_its_top_too():
    upwards = Stroke(STEM.points[::-1], 20)
    same = [flagged(stem, np.random.default_rng(1))[0].points for stem in (STEM, upwards)]
    np.testing.assert_array_equal(*same)


def test_a_slash_goes_through_the_middle_of_a_zero():
    random = np.random.default_rng(0)
    for _ in range(200):
        ring, slash = slashed(RING, random)
        assert np.ptp(ring.points[:, 1]) == np.ptp(RING.points[:, 1])
        assert 0.23 * 200 < np.ptp(ring.points[:, 0]) < 0.96 * 200
        first, last = slash.points
        off = (last - first) / np.hypot(*(last - first)) @ np.array([[0, -1], [1, 0]])
        assert abs(off @ (first - [140, 140])) < 20


def test_what_is_made_is_made_of_plain_digits_of_the_training_writers():
    made = pen_digits(np.random.default_rng(0))
    written = pen_images("train")
    np.testing.assert_array_equal(made.images[: len(written)], written.images)
    assert made.labels[len(written) :].tolist() == [1] * MADE + [0] * MADE
    again = pen_digits(np.random.default_rng(0))
    np.testing.assert_array_equal(made.images, again.images)
    train = load_pens("train")
    ones = [d for d in train if d.label == 1 and module.is_upright_line(d)]
    zeros = [d for d in train if d.label == 0 and module.is_ring(d)]
    assert min(len(ones), len(zeros)) > 200
