"""The map of hidden states and its neighbours, against other ways to compute them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.analysis.memories import (
    class_centres,
    fit_plane,
    nearest,
    remember,
    spread,
    stops,
    together,
)
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card, shapes

STATES = np.random.default_rng(3).normal(size=(200, 7)) * np.array([5, 0.1, 3, 1, 0.5, 0.2, 0.1])


def test_the_plane_is_that_of_the_largest_eigenvalues_of_the_covariance():
    plane = fit_plane(STATES)
    values, vectors = np.linalg.eigh(np.cov(STATES.T))
    for number in (0, 1):
        assert abs(plane.axes[number] @ vectors[:, -1 - number]) == pytest.approx(1)
        assert plane.explained[number] == pytest.approx(values[-1 - number] / values.sum())


def test_the_map_keeps_distances_within_the_plane_and_its_middle_is_the_mean():
    plane = fit_plane(STATES)
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(plane.project(STATES).mean(0), 0, atol=1e-12)
    step = 2 * plane.axes[0] - 3 * plane.axes[1]
    moved = plane.project(STATES[0] + step) - plane.project(STATES[0])
    np.testing.assert_allclose(moved, [2, -3])


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(30)))
def test_the_map_neither_flips_nor_turns_with_the_order_of_the_digits(order):
    np.testing.assert_allclose(
        fit_plane(STATES[:30][list(order)]).axes, fit_plane(STATES[:30]).axes, atol=1e-9
    )


def test_the_largest_entry_of_each_axis_is_positive():
    for axis in fit_plane(-STATES).axes:
        assert axis[np.abs(axis).argmax()] > 0


def test_states_that_are_all_the_same_lie_in_the_middle():
    plane = fit_plane(np.ones((5, 3)))
    assert plane.explained.tolist() == [0, 0]
    np.testing.assert_array_equal(plane.project(np.ones((5, 3))), 0)


def test_class_centres_by_hand():
    centres = class_centres(np.array([[0.0, 2], [4, 4], [9, 9]]), np.array([3, 3, 0], np.uint8))
    assert centres[3].tolist() == [2, 3]
    assert centres[0].tolist() == [9, 9]
    assert np.isnan(centres[[1, 2, 4, 5, 6, 7, 8, 9]]).all()


def test_classes_are_together_along_a_chain_and_apart_beyond_reach():
    centres = np.full((10, 2), np.nan)
    centres[[0, 4, 7]] = [0, 0], [0.9, 0], [1.8, 0]  # 0 and 7 meet through 4
    centres[[2, 5]] = [0, 5], [0, 7.1]
    assert together(centres, np.array([1, 2])) == [[0, 4, 7], [2], [5]]


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.floats(0.1, 3))
def test_every_class_is_in_one_group_and_groups_are_out_of_each_others_reach(seed, reach):
    centres = np.random.default_rng(seed).normal(size=(10, 2))
    groups = together(centres, np.array([reach, reach]))
    assert sorted(digit for group in groups for digit in group) == list(range(10))
    for group in groups:
        for other in range(10):
            gaps = np.linalg.norm(centres[group] - centres[other], axis=1)
            assert other in group or gaps.min() > reach


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_neighbours_are_those_that_brute_force_finds(seed, count):
    random = np.random.default_rng(seed)
    states, state = random.normal(size=(30, 4)), random.normal(size=4)
    gaps = [sum((a - b) ** 2 for a, b in zip(other, state, strict=True)) ** 0.5 for other in states]
    near = nearest(state, states, count)
    assert near.numbers.tolist() == sorted(range(30), key=gaps.__getitem__)[:count]
    assert near.same == 0


def test_the_drawing_itself_is_no_neighbour_and_equals_are_counted():
    states = np.array([[1.0, 0], [0, 0], [0, 0], [3, 0], [0, 0]])
    near = nearest(np.zeros(2), states, 10, leave_out=np.array([0, 1, 0, 0, 0], bool))
    assert near.numbers.tolist() == [2, 4, 0, 3]
    assert near.same == 2


def test_stops_are_rows_of_the_image_or_every_eighth_timestep():
    assert stops(28).tolist() == list(range(28))
    assert stops(224).tolist() == [8 * row + 7 for row in range(28)]


def test_the_crowd_is_spread_over_the_test_set():
    digits = Digits(np.zeros((10, 28, 28), np.uint8), np.arange(10, dtype=np.uint8))
    assert spread(digits, 5).labels.tolist() == [0, 2, 4, 6, 8]
    assert len(spread(digits, 50)) == 10
    assert len(spread(load_digits("test"))) == 2000


@pytest.mark.parametrize("order", ["map_major", "row_major"])
def test_the_crowd_remembers_what_each_digit_leaves_when_it_is_read_alone(order):
    model = ModelConfig(units=5, backbone="cnn_rnn", order=order)
    random = np.random.default_rng(0)
    tensors = {
        name: random.normal(0, 0.3, shape).astype(np.float32)
        for name, shape in shapes(model).items()
    }
    reader = Reader(tensors, Card(model))
    digits = load_digits("test").first(3)
    crowd = remember(reader, digits)
    assert crowd.states.shape == (3, 28, 5)
    for states, image in zip(crowd.states, digits.images, strict=True):
        alone = reader.read(image).hidden
        np.testing.assert_allclose(states[-1], alone[-1], atol=1e-4)
        np.testing.assert_allclose(states[9], alone[len(alone) * 10 // 28 - 1], atol=1e-4)
    np.testing.assert_array_equal(crowd.last, crowd.states[:, -1])
