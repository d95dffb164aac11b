"""The optimizers that can be chosen, by their names in `config.py`: Keras's, and one of 2016."""

from functools import partial

import keras
import tensorflow as tf


class RMSprop2016(keras.optimizers.RMSprop):  # type: ignore[misc]  # Keras has no types.
    """RMSprop as in Keras 1.0.6: epsilon is added to the root, where now it is added under it.

    With today's epsilon the smallest root is sqrt(1e-7), which is 3e-4: gradients smaller than that
    make smaller steps. With 1e-8 beside the root each weight goes on by about the learning rate,
    however small its gradient. There is no momentum, and nothing is centred.
    """

    def update_step(
        self, gradient: tf.Tensor, variable: keras.Variable, learning_rate: tf.Tensor
    ) -> None:
        """Take one step with one variable."""
        velocity = self._velocities[self._get_variable_index(variable)]
        mean_square = self.rho * velocity + (1 - self.rho) * tf.square(gradient)
        self.assign(velocity, mean_square)
        root = tf.sqrt(mean_square) + self.epsilon
        self.assign_sub(variable, learning_rate * gradient / root)


OPTIMIZERS = {
    "rmsprop": keras.optimizers.RMSprop,
    "rmsprop_2016": partial(RMSprop2016, epsilon=1e-8),
    "adam": keras.optimizers.Adam,
    "sgd": keras.optimizers.SGD,
}
