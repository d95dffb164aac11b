"""The classroom readers doubt what is no digit, drawn in ways that they never saw."""

import numpy as np
import pytest

from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.evaluation.doubt import ALMOST_SURE, no_digits, top_probabilities
from mnist_rnn.network.catalog import shipped
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from tests.networks import random_tensors

CLASSROOM = [entry.path for entry in shipped() if entry.key.endswith("-classroom")]


def test_every_kind_has_twenty_different_drawings():
    kinds = no_digits()
    assert {"A", "star", "spiral", "scribble", "two digits"} <= set(kinds)
    for images in kinds.values():
        assert images.shape == (20, 28, 28)
        assert len(np.unique(images, axis=0)) == 20


def test_top_probability_is_that_of_the_answer():
    config = ModelConfig(units=3)
    reader = Reader(random_tensors(config), Card(config))
    images = load_digits("test").images[:3]
    expected = [reader.read(image).probabilities[-1].max() for image in images]
    np.testing.assert_allclose(top_probabilities(reader, images), expected, rtol=1e-5)


@pytest.mark.parametrize("path", CLASSROOM, ids=lambda path: path.stem)
def test_classroom_readers_are_seldom_sure_of_what_is_no_digit(path):
    reader = Reader.load(path)
    sure = np.concatenate([top_probabilities(reader, images) for images in no_digits().values()])
    assert sure.mean() < 0.5
    assert (sure > ALMOST_SURE).mean() < 0.15


@pytest.mark.parametrize("path", CLASSROOM, ids=lambda path: path.stem)
def test_classroom_readers_are_sure_of_digits(path):
    sure = top_probabilities(Reader.load(path), load_digits("test").images[:1000])
    assert np.median(sure) > 0.99
    assert (sure > ALMOST_SURE).mean() > 0.9
