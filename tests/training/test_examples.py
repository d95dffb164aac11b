"""Which images are learnt from: augmented ones, those of pens, and what is no digit."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_rnn.config import TrainConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.progress import EpochDone
from mnist_rnn.training import examples
from mnist_rnn.training.engine import Engine
from mnist_rnn.training.examples import (
    PEN_SHARE,
    POOL_IMAGES,
    augmented,
    batches,
    examples_of,
)
from mnist_rnn.training.loop import train
from tests.training.small import QUICK, SMALL


def test_only_a_share_of_the_images_is_augmented_and_another_one_each_epoch() -> None:
    images = load_digits("train").first(400).images
    config = TrainConfig(augmentation="affine", augmented_share=0.25)
    changed = [(augmented(images, config, e) != images).any((1, 2)) for e in (1, 2)]
    assert 0.15 < changed[0].mean() < 0.35
    assert (changed[0] != changed[1]).any()
    everything = TrainConfig(augmentation="affine")
    assert (augmented(images, everything, 1) != images).any((1, 2)).all()


def test_non_digits_take_the_places_of_about_as_many_digits_as_were_asked_for() -> None:
    some = replace(QUICK, train_images=2_000, non_digits=0.25)
    labels = np.repeat([5, -1], [2_000, POOL_IMAGES])
    first, again, second = (batches(some, labels, epoch) for epoch in (1, 1, 2))
    np.testing.assert_array_equal(first[0], again[0])
    indices, counts = first
    assert counts.sum() == 2_000
    drawn = indices[indices >= 2_000]
    assert len(drawn) / 2_000 == pytest.approx(0.25, abs=0.05)
    assert drawn.max() < 2_000 + POOL_IMAGES
    kept, kept_next = (set(batch[batch < 2_000].tolist()) for batch, _ in (first, second))
    assert len(kept) == 2_000 - len(drawn)
    assert len(kept | kept_next) > 1_850


def test_non_digits_are_left_out_of_the_accuracy(monkeypatch) -> None:
    monkeypatch.setattr(examples, "POOL_IMAGES", 20)

    # Every digit is named correctly, nothing else is.
    def all_right(_, indices, counts, rates, first):
        return 0.0, float(_digits_in(indices, counts))

    monkeypatch.setattr(Engine, "run", all_right)
    progress = train(SMALL, replace(QUICK, epochs=1, non_digits=0.3))
    *chunks, done = progress
    assert [chunk.accuracy for chunk in chunks] == [1] * len(chunks)
    assert done.accuracy == 1
    assert chunks[-1].images == 250


def _digits_in(indices: np.ndarray, counts: np.ndarray) -> int:
    return sum(
        int((batch[:count] < QUICK.train_images).sum())
        for batch, count in zip(indices, counts, strict=True)
    )


def test_pens_take_a_fifth_of_the_places_each_about_once() -> None:
    both = replace(QUICK, train_images=5_000, writers="mnist_and_pens", non_digits=0.1)
    labels = np.repeat([5, -1, 7], [5_000, 300, 1_000])
    (indices, counts), (again, _), (other, _) = (batches(both, labels, e) for e in (1, 1, 2))
    np.testing.assert_array_equal(indices, again)
    assert (indices != other).any()
    assert counts.sum() == 5_000
    shown = labels[indices.ravel()[:5_000]]
    assert (shown == 7).mean() == pytest.approx(PEN_SHARE * 0.9, abs=0.02)
    assert (shown == -1).mean() == pytest.approx(0.1, abs=0.02)
    pens = np.bincount(indices[indices >= 5_300] - 5_300, minlength=1_000)
    assert pens.max() <= 2  # about 1,000 places for 1,000 digits, in turn
    without = replace(both, writers="mnist")
    mnist, _ = batches(without, labels[:5_300], 1)
    assert ((indices == mnist) | (indices >= 5_000)).all()


def test_pens_are_learnt_from_beside_the_same_images_of_mnist() -> None:
    alone = examples_of(QUICK)
    both = examples_of(replace(QUICK, writers="mnist_and_pens"))
    np.testing.assert_array_equal(both.images[: len(alone)], alone.images)
    np.testing.assert_array_equal(both.labels[: len(alone)], alone.labels)
    assert len(both) > 250 + 8_000
    assert set(both.labels[250:].tolist()) == set(range(10))
    *_, done = train(SMALL, replace(QUICK, epochs=1, writers="mnist_and_pens"))
    assert isinstance(done, EpochDone)
    assert 0 < done.accuracy < 1
