"""The optimizer of 2016 takes the steps of Keras 1.0.6."""

import keras
import numpy as np

from mnist_rnn.training.optimizers import OPTIMIZERS


def test_rmsprop_of_2016_adds_its_epsilon_to_the_root() -> None:
    start = np.array([1.0, -2.0, 0.5], np.float32)
    # The last is so small that today's epsilon of 1e-7 under the root would outweigh it.
    gradients = np.array([[0.5, -0.02, 1e-6], [0.1, 0.3, -2e-6], [0.0, 0.0, 1e-6]], np.float32)
    weights, squares = start.astype(np.float64), np.zeros(3)
    for gradient in gradients.astype(np.float64):  # keras/optimizers.py of 1.0.6, rho 0.9
        squares = 0.9 * squares + 0.1 * gradient**2
        weights = weights - 0.003 * gradient / (np.sqrt(squares) + 1e-8)

    variable = keras.Variable(start)
    optimizer = OPTIMIZERS["rmsprop_2016"](learning_rate=0.003)
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    np.testing.assert_allclose(variable.numpy(), weights, rtol=1e-5)
