"""Training digits as other hands might have written them."""

import keras
import numpy as np

from mnist_rnn.config import COLUMNS, ROWS

# Standard deviations: how people differ who draw with a pen or a finger.
TURN_DEGREES, SLANT, LOG_STRETCH, MOVE_PIXELS = 8.0, 0.2, 0.1, 1.0
# For each way to distort, how much of that stretches and moves an image up and down.
UPRIGHT_SHARES = {"affine": 1.0, "affine_level": 0.3}


def distorted(images: np.ndarray, random: np.random.Generator, upright: float = 1.0) -> np.ndarray:
    """Each image turned, slanted, stretched and moved at random, about its middle.

    images: (n, 28, 28) uint8; so is what comes back. `upright`, from 0 to 1, is how much of the
    stretching and moving up and down there is: what is to be known after a few rows of a digit is
    learnt better where those rows stay. After P. Simard, D. Steinkraus and J. Platt,
    Best practices for convolutional neural networks applied to visual document analysis (2003),
    with affine distortions only.
    """
    transforms = _transforms(len(images), random, upright)
    moved = keras.ops.image.affine_transform(
        images[..., None].astype(np.float32), transforms, interpolation="bilinear"
    )
    pixels = np.rint(keras.ops.convert_to_numpy(moved)[..., 0])
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _transforms(count: int, random: np.random.Generator, upright: float) -> np.ndarray:
    """For each image the map from where a pixel goes to where it is taken from, (count, 8)."""
    turn = np.radians(random.normal(0, TURN_DEGREES, count))
    slant = random.normal(0, SLANT, count)
    shares = np.array([1.0, upright])
    width, height = np.exp(random.normal(0, LOG_STRETCH, (2, count)) * shares[:, None])
    cos, sin = np.cos(turn), np.sin(turn)
    linear = np.empty((count, 2, 2))
    linear[:, 0] = np.stack([cos, cos * slant - sin], 1)
    linear[:, 1] = np.stack([sin, sin * slant + cos], 1)
    linear *= np.stack([width, height], 1)[:, None]
    middle = np.array([(COLUMNS - 1) / 2, (ROWS - 1) / 2])
    shift = middle - linear @ middle + random.normal(0, MOVE_PIXELS, (count, 2)) * shares
    rows = np.concatenate([linear, shift[..., None]], 2).reshape(count, 6)
    return np.pad(rows, ((0, 0), (0, 2))).astype(np.float32)
