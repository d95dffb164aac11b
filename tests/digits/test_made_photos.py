"""Photos made by rule: of every kind, the same for a seed, and read."""

import io

import numpy as np
import pytest
from PIL import Image

from benchmarks.photos.kinds import KINDS, mask_of_image, mask_of_strokes, photo, sheet
from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.digits.photos import photo_from_file
from mnist_rnn.digits.strokes import Stroke
from mnist_rnn.evaluation.accuracy import evaluate
from mnist_rnn.evaluation.drawings import LAST_JUDGE, judge

DIGITS = load_digits("validation").first(12)
MASKS = [mask_of_image(image) for image in DIGITS.images]


def taken(kind, number):
    return photo(KINDS[kind], MASKS[number], MASKS[::-1], np.random.default_rng(number))


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_is_the_same_for_the_same_seed_and_has_one_digit(kind):
    data = taken(kind, 3)
    assert data == taken(kind, 3) != taken(kind, 4)
    assert Image.open(io.BytesIO(data)).format == ("JPEG" if KINDS[kind].quality else "PNG")
    assert len(photo_from_file(data).digits) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_photos_of_every_kind_are_read(kind):
    images = [to_mnist(photo_from_file(taken(kind, n)).digits[0].ink) for n in range(12)]
    seen = Digits(np.stack(images), DIGITS.labels)
    assert evaluate(judge(LAST_JUDGE), seen).accuracy > 0.8


def test_a_sheet_has_as_many_digits_as_were_written_on_it():
    data = sheet([MASKS[:3], MASKS[3:6]], np.random.default_rng(0))
    assert len(photo_from_file(data).digits) == 6


def test_a_thicker_pen_makes_thicker_strokes():
    drawn = mask_of_strokes([Stroke(np.array([[140.0, 40.0], [140.0, 240.0]]), 20.0)])
    for mask in (drawn, MASKS[0]):
        amounts = [mask(thickness).sum() for thickness in (0.5, 1, 1.6)]
        assert amounts == sorted(amounts)
        assert amounts[2] > 1.3 * amounts[1]
