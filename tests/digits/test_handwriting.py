"""The style of a digit: known shapes measure as they were made, and styles are standard numbers."""

import numpy as np
import pytest

from mnist_rnn.digits import handwriting
from mnist_rnn.digits.handwriting import StyleScale
from mnist_rnn.digits.mnist import Digits, load_digits

FEW = load_digits("train").first(4_000)


def _bar(thickness: int, slant: float = 0) -> np.ndarray:
    """An upright bar 20 rows tall that moves `slant` columns to the right for each row upwards."""
    image = np.zeros((28, 28), np.uint8)
    for row in range(4, 24):
        left = 14 - thickness // 2 + round(slant * (13.5 - row))
        image[row, left : left + thickness] = 255
    return image


@pytest.mark.parametrize("slant", [-0.5, 0, 0.25, 0.5])
def test_slant_is_columns_to_the_right_for_each_row_upwards(slant: float) -> None:
    assert handwriting.strokes(_bar(3, slant)[None])[0, 0] == pytest.approx(slant, abs=0.02)


def test_slant_and_width_do_not_mix() -> None:
    upright, leaning = handwriting.strokes(np.stack([_bar(4), _bar(4, 0.5)]))
    assert leaning[2] == pytest.approx(upright[2], abs=0.15)
    # A bar of constant ink: its spread across over its spread down is that of two intervals.
    expected = 0.5 * np.log((4**2 - 1) / (20**2 - 1))
    assert upright[2] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("thickness", [2, 4, 6])
def test_thickness_is_in_pixels(thickness: int) -> None:
    # Twice the area over the outline, whose two ends count as well.
    expected = 2 * 20 * thickness / (2 * (20 + thickness))
    assert handwriting.strokes(_bar(thickness)[None])[0, 1] == pytest.approx(expected, rel=0.03)


def test_styles_of_each_class_are_standard_and_uncorrelated() -> None:
    numbers = StyleScale(FEW).measure(FEW)
    for label in range(10):
        mine = numbers[FEW.labels == label]
        np.testing.assert_allclose(mine.mean(0), 0, atol=1e-3)
        np.testing.assert_allclose(np.cov(mine.T, bias=True), np.eye(mine.shape[1]), atol=0.01)


def test_style_of_a_digit_does_not_depend_on_the_others() -> None:
    scale = StyleScale(FEW)
    all_at_once = scale.measure(FEW, 8)
    one = scale.measure(Digits(FEW.images[41:42], FEW.labels[41:42]), 8)
    assert all_at_once.shape == (4_000, 8)
    np.testing.assert_allclose(one[0], all_at_once[41], atol=1e-4)


def test_bolder_slanted_and_wider_digits_have_larger_numbers() -> None:
    scale = StyleScale(FEW)
    thin, bold, leaning = (
        scale.measure(Digits(bar[None], np.array([1])), 3)[0]
        for bar in (_bar(2), _bar(5), _bar(2, 0.5))
    )
    assert bold[1] > thin[1] + 2
    assert leaning[0] > thin[0] + 1


def test_blank_image_has_a_finite_style() -> None:
    blank = Digits(np.zeros((1, 28, 28), np.uint8), np.array([5]))
    assert np.isfinite(StyleScale(FEW).measure(blank)).all()


def test_numbers_have_names() -> None:
    assert handwriting.names(0) == ()
    assert handwriting.names(2) == ("slant", "thickness")
    assert handwriting.names(5) == ("slant", "thickness", "width", "shape 1", "shape 2")
