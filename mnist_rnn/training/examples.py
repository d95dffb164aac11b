"""What a network is shown: digits of MNIST, pen digits and non-digits, anew in each epoch.

All random numbers follow from the seed and the epoch.
"""

import math

import numpy as np

from mnist_rnn.config import TrainConfig
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.digits.non_digits import non_digits
from mnist_rnn.training.augmentation import UPRIGHT_SHARES, distorted
from mnist_rnn.training.pen_examples import pen_digits

# Keep the random numbers of these apart from those of the order of the images.
_DISTORTIONS, _POOL, _REPLACED, _PENS, _TO_PENS = 1, 2, 3, 4, 5
# Non-digits take milliseconds each to draw, so these few are shown again and again.
POOL_IMAGES = 5_000
# How many of the places of an epoch pens take: each of their digits is shown about once.
PEN_SHARE = 0.2


def examples_of(config: TrainConfig) -> Digits:
    """The digits of MNIST to learn from, then non-digits, labelled -1, and pen digits, if any.

    Raises UserError if a file with digits is missing.
    """
    digits = load_digits("train").first(config.train_images)
    pens = None
    if config.writers == "mnist_and_pens":
        pens = pen_digits(np.random.default_rng((config.seed, _PENS)))
    if config.non_digits:
        made_of = digits.and_those(pens) if pens else digits
        pool = non_digits(POOL_IMAGES, made_of, np.random.default_rng((config.seed, _POOL)))
        digits = digits.and_those(Digits(pool, np.full(POOL_IMAGES, -1, np.int8)))
    return digits.and_those(pens) if pens else digits


def augmented(images: np.ndarray, config: TrainConfig, epoch: int) -> np.ndarray:
    """The images (n, 28, 28) uint8 of one epoch: some distorted, the others as they are."""
    random = np.random.default_rng((config.seed, epoch, _DISTORTIONS))
    changed = distorted(images, random, UPRIGHT_SHARES[config.augmentation])
    as_they_are = random.random(len(images)) >= config.augmented_share
    changed[as_they_are] = images[as_they_are]
    return changed


def batches(config: TrainConfig, labels: np.ndarray, epoch: int) -> tuple[np.ndarray, np.ndarray]:
    """One epoch in random order: indices (steps, batch_size) int32, images in each (steps,).

    `labels` are those of all examples. Pen digits and non-digits take the places of some digits of
    MNIST, of others in each epoch. A short last batch is filled up with zeros.
    """
    images, size = config.train_images, config.batch_size
    steps = math.ceil(images / size)
    order = np.random.default_rng((config.seed, epoch)).permutation(images).astype(np.int32)
    guests = np.arange(images, len(labels), dtype=np.int32)
    if config.writers == "mnist_and_pens":
        random = np.random.default_rng((config.seed, epoch, _TO_PENS))
        replaced = random.random(images) < PEN_SHARE
        drawn = random.permutation(guests[labels[guests] >= 0])
        order[replaced] = np.resize(drawn, replaced.sum())
    if config.non_digits:
        random = np.random.default_rng((config.seed, epoch, _REPLACED))
        replaced = random.random(images) < config.non_digits
        pool = guests[labels[guests] < 0]
        order[replaced] = pool[random.integers(0, len(pool), replaced.sum())]
    counts = np.full(steps, size, np.int32)
    counts[-1] = images - (steps - 1) * size
    return np.pad(order, (0, steps * size - images)).reshape(steps, size), counts
