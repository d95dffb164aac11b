"""The MNIST images that ship, and what is said when they don't open."""

import numpy as np
import pytest

from mnist_rnn.digits.mnist import MNIST, load_digits
from mnist_rnn.errors import UserError
from mnist_rnn.network.reader import to_input


@pytest.mark.parametrize(
    ("part", "count"), [("train", 50_000), ("validation", 10_000), ("test", 10_000)]
)
def test_split_is_that_of_2016(part, count) -> None:
    digits = load_digits(part)
    assert digits.images.shape == (count, 28, 28)
    assert digits.images.dtype == np.uint8
    assert len(digits) == len(digits.labels) == count
    assert set(digits.labels.tolist()) == set(range(10))


def test_training_and_validation_follow_each_other_in_the_file() -> None:
    with np.load(MNIST) as archive:
        labels = archive["y_train"]
    ours = [load_digits(part).labels for part in ("train", "validation")]
    np.testing.assert_array_equal(np.concatenate(ours), labels)
    assert labels[:5].tolist() == [5, 0, 4, 1, 9]  # as every MNIST begins


def test_first_keeps_images_with_their_labels() -> None:
    digits = load_digits("test")
    few = digits.first(3)
    np.testing.assert_array_equal(few.images, digits.images[:3])
    assert few.labels.tolist() == [7, 2, 1]


def test_missing_file_is_one_sentence(tmp_path) -> None:
    with pytest.raises(UserError, match=r"missing at .*gone\.npz\. Restore it with: git checkout"):
        load_digits("test", tmp_path / "gone.npz")


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_truncated_file_is_one_sentence(tmp_path, kept) -> None:
    whole = MNIST.read_bytes()
    path = tmp_path / "cut.npz"
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(UserError, match=r"cut\.npz are damaged\. Restore it with"):
        load_digits("train", path)


def test_file_of_something_else_is_one_sentence(tmp_path) -> None:
    path = tmp_path / "else.npz"
    path.write_text("These are not the images you are looking for.")
    _damaged(path)
    np.savez(path, x=np.zeros(3))
    _damaged(path)
    np.savez(path, x_test=np.zeros((10, 28, 28), np.uint8), y_test=np.zeros(10, np.uint8))
    _damaged(path)
    images, labels = np.zeros((10_000, 28, 28), np.uint8), np.full(10_000, 10, np.uint8)
    np.savez_compressed(path, x_test=images, y_test=labels)
    _damaged(path)
    objects = np.array([{}], dtype=object)
    np.savez(path, x_test=objects, y_test=objects)
    _damaged(path)


def _damaged(path) -> None:
    with pytest.raises(UserError, match="are damaged"):
        load_digits("test", path)


def test_pixels_are_divided_once_or_twice() -> None:
    grey = np.array([0, 51, 255], np.uint8)
    np.testing.assert_allclose(to_input(grey), [0, 0.2, 1])
    np.testing.assert_allclose(to_input(grey, "twice"), [0, 0.2 / 255, 1 / 255], rtol=1e-6)
    assert to_input(grey).dtype == np.float32
