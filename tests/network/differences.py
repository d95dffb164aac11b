"""Gradients by finite differences, in float64."""

import numpy as np

from mnist_rnn.config import ModelConfig
from mnist_rnn.network.weights import Tensors, shapes

STEP = 1e-6


def float64_weights(config: ModelConfig, random: np.random.Generator) -> Tensors:
    return {key: random.normal(0, 0.4, shape) for key, shape in shapes(config).items()}


def slope(function, at: np.ndarray, along: np.ndarray, step: float = STEP) -> float:
    """The derivative of a function of an array, in one direction, by central differences."""
    return (function(at + step * along) - function(at - step * along)) / (2 * step)
