"""Hidden units are grouped by the class they vote for."""

import numpy as np

from mnist_rnn.analysis.units import order_by_vote


def test_units_are_grouped_by_class_and_the_strongest_vote_comes_first():
    head_kernel = np.zeros((4, 10))
    head_kernel[0, 7] = 1.0
    head_kernel[1, 2] = 0.5
    head_kernel[2, 7] = 3.0
    head_kernel[3, 2] = 0.9
    assert order_by_vote(head_kernel).tolist() == [3, 1, 2, 0]


def test_every_unit_appears_once():
    order = order_by_vote(np.random.default_rng(0).normal(size=(50, 10)))
    assert sorted(order.tolist()) == list(range(50))
