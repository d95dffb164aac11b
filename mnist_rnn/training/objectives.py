"""What is asked of a network in training, by its head: examples, loss, and what counts as right.

`examples` are what goes into the network, then the targets: arrays with one entry for each digit.
Logits are (n, timesteps, outputs), one timestep if only the last counts; what is made of them is
(n, timesteps).
"""

import keras
import numpy as np
import tensorflow as tf

from mnist_rnn.config import CLASSES, ModelConfig
from mnist_rnn.digits.handwriting import training_scale
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.evaluation.drawings import judge
from mnist_rnn.network.drawer import code
from mnist_rnn.network.reader import to_input
from mnist_rnn.training import models


class NameClass:
    """Name the class of an image: the heads that end in a class. The target is a label."""

    def __init__(self, config: ModelConfig) -> None:
        self._scaling = config.scaling
        self._cross_entropy = keras.losses.CategoricalCrossentropy(
            from_logits=True, reduction="none"
        )

    def examples(self, digits: Digits) -> tuple[np.ndarray, ...]:
        """Pixels (n, 28, 28) and labels (n,) int32, -1 for what is no digit."""
        return to_input(digits.images, self._scaling), digits.labels.astype(np.int32)

    def loss(self, logits: tf.Tensor, *targets: tf.Tensor) -> tf.Tensor:
        """Cross-entropy in nats. What is no digit should be each class alike.

        D. Hendrycks, M. Mazeika, T. Dietterich, Deep anomaly detection with outlier exposure, 2019.
        """
        (labels,) = targets
        no_digit = tf.cast(labels < 0, tf.float32)[:, None]
        classes = tf.one_hot(labels, CLASSES) + no_digit / CLASSES  # the one_hot of -1 is all zeros
        every_timestep = tf.repeat(classes[:, None], logits.shape[1], 1)
        return self._cross_entropy(every_timestep, logits)

    def right(self, logits: tf.Tensor, *targets: tf.Tensor) -> tf.Tensor:
        """Whether the likeliest class is the label; no answer to what is no digit is right."""
        (labels,) = targets
        answers = tf.argmax(logits, -1, output_type=tf.int32)
        return tf.cast(answers == labels[:, None], tf.float32)


class DrawRows:
    """Draw a digit of a class in a style: one-to-many. The targets are its pixels and its label."""

    def __init__(self, config: ModelConfig) -> None:
        """Raises UserError if the reader that judges the drawings is missing."""
        self._styles = config.styles
        self._cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True, reduction="none")
        reader = judge()
        self._judge = models.build(reader.config)
        models.assign(self._judge, reader.config, reader.tensors)

    def examples(self, digits: Digits) -> tuple[np.ndarray, ...]:
        """Codes (n, 10 + styles), pixels (n, 28, 28) from 0 to 1, and labels (n,) int32."""
        styles = training_scale().measure(digits, self._styles)
        labels = digits.labels.astype(np.int32)
        return code(labels, styles), to_input(digits.images), labels

    def loss(self, logits: tf.Tensor, *targets: tf.Tensor) -> tf.Tensor:
        """Binary cross-entropy in nats, the mean over the pixels of each row."""
        pixels, _ = targets
        return self._cross_entropy(pixels, logits)

    def right(self, logits: tf.Tensor, *targets: tf.Tensor) -> tf.Tensor:
        """Whether the judge, who reads along row by row, names the class that was asked for."""
        _, labels = targets
        answers = tf.argmax(self._judge(tf.sigmoid(logits)), -1, output_type=tf.int32)
        return tf.cast(answers == labels[:, None], tf.float32)
