"""Drawings to make ink of: a seven, a hook, and what is the same from several sides."""

import math

import numpy as np

from mnist_rnn.digits.strokes import Stroke

SEVEN = np.array([[0.0, 0.0], [60.0, 0.0], [20.0, 100.0]])
DASH = np.array([[-5.0, 50.0], [55.0, 50.0]])
# As wide as high, so that its box is the same however it is turned.
HOOK = np.array([[40.0, 40.0], [240.0, 90.0], [110.0, 130.0], [130.0, 240.0]])

SYMMETRIC = {
    "plus": [[[0, 50], [100, 50]], [[50, 0], [50, 100]]],
    "cross": [[[0, 0], [100, 100]], [[100, 0], [0, 100]]],
    "square": [[[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]]],
    "wide box": [[[0, 0], [100, 0], [100, 40], [0, 40], [0, 0]]],
    "tall box": [[[0, 0], [61, 0], [61, 100], [0, 100], [0, 0]]],
    "bar": [[[0, 0], [0, 100]]],
    "dash": [[[0, 0], [100, 0]]],
    "circle": [[[50 * math.cos(a / 9), 50 * math.sin(a / 9)] for a in range(57)]],
}


def seven(scale=1.0, shift=(60.0, 60.0), width=20.0):
    return [Stroke(line * scale + np.array(shift), width) for line in (SEVEN, DASH)]


def lines(*all_points):
    return [Stroke(np.array(points, float), 20.0) for points in all_points]


def centre_of_mass(image):
    pixels = np.arange(28)
    return np.array([image.sum(1) @ pixels, image.sum(0) @ pixels]) / image.sum()
