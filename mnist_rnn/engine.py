"""Training steps compiled into one call: Keras's layers, losses and optimizers without `fit`.

Keras's `fit` enters Python for every batch and steps through a recurrent layer with a loop of
small operations. Here a chunk of optimizer steps is one compiled function that picks its batches
from images already on the device; the numbers are the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from mnist_rnn.config import CLASSES, ModelConfig
from mnist_rnn.data import Digits, to_input

_OPTIMIZERS = {
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "sgd": keras.optimizers.SGD,
}
VALIDATION_BATCH = 1000
# Timesteps written out one after another in one compiled block: XLA turns them into faster code
# than a loop, but takes longer to compile them. Every network's timesteps are a multiple of it.
BLOCK = 14


@dataclass(frozen=True)
class Chunk:
    """Some optimizer steps: for each, which images, and at what learning rate.

    indices: (steps, batch_size) int32; a short last batch is padded with any index.
    counts: (steps,) int32, how many images of each batch are real.
    rates: (steps,) float32, the learning rate of each step.
    """

    indices: np.ndarray
    counts: np.ndarray
    rates: np.ndarray


class Engine:
    """A model, its optimizer and its images, ready to take steps."""

    def __init__(
        self,
        model: keras.Model,
        config: ModelConfig,
        optimizer: str,
        *,
        training: Digits,
        validation: Digits,
        steps: int,
        clip_norm: float = 0.0,
    ) -> None:
        """`steps` is the most that a chunk will have: every chunk is compiled as one of that.

        A label of -1 marks what is no digit. Its target is the uniform distribution over the
        classes (D. Hendrycks, M. Mazeika and T. Dietterich, Deep anomaly detection with outlier
        exposure, 2019), and no answer to it counts as right.

        `clip_norm` caps the norm of the gradient over all weights (R. Pascanu, T. Mikolov and
        Y. Bengio, On the difficulty of training recurrent neural networks, 2013); 0 does not.
        """
        self.model = model
        self._config = config
        self._steps = steps
        self._many_to_many = config.head == "many_to_many"
        pixels, labels = _on_device(training, config.scaling)
        self._training = (tf.Variable(pixels, trainable=False), labels)
        self._validation = _on_device(validation, config.scaling)
        self._loss = keras.losses.CategoricalCrossentropy(from_logits=True)
        self._optimizer = _OPTIMIZERS[optimizer](global_clipnorm=clip_norm or None)
        self._optimizer.build(model.trainable_variables)
        # What to hand to XLA was chosen by measurement on a processor (benchmarks/epoch_speed.py).
        # A plain RNN gains from being compiled as a whole step. XLA's convolutions are many times
        # slower than TensorFlow's own, and gated cells take it long to compile: there only blocks
        # of timesteps are compiled.
        whole = config.backbone == "rnn" and config.cell == "simple_rnn"
        self._read = self._read_block if whole else tf.function(self._read_block, jit_compile=True)
        self._take = tf.function(self._take_steps, jit_compile=whole)
        self._validate = tf.function(self._validation_sums, jit_compile=whole)
        rnn = model.get_layer("rnn")
        self._sequence: Callable[[tf.Tensor], tf.Tensor] = keras.Model(model.input, rnn.input)
        self._cell = rnn.cell
        self._head = model.get_layer("head")

    def replace_images(self, images: np.ndarray) -> None:
        """Train on these images (n, 28, 28) uint8 from now on, with the labels there were."""
        self._training[0].assign(to_input(images, self._config.scaling))

    def run(self, chunk: Chunk) -> tuple[float, float]:
        """Take the steps: the sum of the loss over their images, and how many were right."""
        steps = len(chunk.counts)
        spare = (0, self._steps - steps)
        loss_sum, right = self._take(
            tf.constant(steps),
            tf.constant(np.pad(chunk.indices, (spare, (0, 0)))),
            tf.constant(np.pad(chunk.counts, spare)),
            tf.constant(np.pad(chunk.rates, spare)),
        )
        return float(loss_sum), float(right)

    def validate(self) -> tuple[float, np.ndarray]:
        """On the validation images: the mean loss, and the fraction right (timesteps,)."""
        images, labels = self._validation
        loss_sum, right = 0.0, np.zeros(self._config.timesteps)
        for start in range(0, len(labels), VALIDATION_BATCH):
            batch = slice(start, start + VALIDATION_BATCH)
            batch_loss, batch_right = self._validate(images[batch], labels[batch])
            loss_sum += float(batch_loss)
            right += batch_right.numpy()
        return loss_sum / len(labels), right / len(labels)

    def _take_steps(
        self, steps: tf.Tensor, indices: tf.Tensor, counts: tf.Tensor, rates: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        def step(i: tf.Tensor, loss_sum: tf.Tensor, right: tf.Tensor) -> tuple[tf.Tensor, ...]:
            self._optimizer.learning_rate.assign(rates[i])
            pixels, labels = (tf.gather(a, indices[i]) for a in self._training)
            real = tf.cast(tf.range(len(labels)) < counts[i], tf.float32)
            count = tf.cast(counts[i], tf.float32)
            with tf.GradientTape() as tape:
                logits = self._head(self._hidden(pixels))
                # Keras divides by the whole batch; a short one has only `count` real images.
                weight = real * len(labels) / count
                weight = weight[:, None] if self._many_to_many else weight
                loss = self._loss(self._targets(labels), logits, sample_weight=weight)
            variables = self.model.trainable_variables
            self._optimizer.apply(tape.gradient(loss, variables), variables)
            last = logits[:, -1] if self._many_to_many else logits
            hits = tf.cast(tf.argmax(last, -1, output_type=tf.int32) == labels, tf.float32)
            return i + 1, loss_sum + loss * count, right + tf.reduce_sum(hits * real)

        _, loss_sum, right = tf.while_loop(lambda i, *_: i < steps, step, (0, 0.0, 0.0))
        return loss_sum, right

    def _validation_sums(self, pixels: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        logits = self._head(tf.concat(self._hidden_blocks(pixels), 1))  # (n, timesteps, 10)
        asked = logits if self._many_to_many else logits[:, -1]
        answers = tf.argmax(logits, -1, output_type=tf.int32)
        right = tf.reduce_sum(tf.cast(answers == labels[:, None], tf.float32), 0)
        return self._loss(self._targets(labels), asked) * len(labels), right

    def _targets(self, labels: tf.Tensor) -> tf.Tensor:
        """What each output of the head should be: (n, 10), or (n, timesteps, 10)."""
        no_digit = tf.cast(labels < 0, tf.float32)[:, None]
        targets = tf.one_hot(labels, CLASSES) + no_digit / CLASSES  # the one_hot of -1 is all zeros
        if self._many_to_many:
            return tf.repeat(targets[:, None], self._config.timesteps, 1)
        return targets

    def _hidden(self, pixels: tf.Tensor) -> tf.Tensor:
        """What the head reads: (n, units), or (n, timesteps, units) for many-to-many."""
        blocks = self._hidden_blocks(pixels)
        return tf.concat(blocks, 1) if self._many_to_many else blocks[-1][:, -1]

    def _hidden_blocks(self, pixels: tf.Tensor) -> list[tf.Tensor]:
        """Pixels (n, 28, 28) to the hidden state after each timestep, in (n, BLOCK, units)."""
        states = self._cell.get_initial_state(batch_size=len(pixels))
        hidden = []
        for block in tf.split(self._sequence(pixels), self._config.timesteps // BLOCK, axis=1):
            outputs, states = self._read(block, states)
            hidden.append(outputs)
        return hidden

    def _read_block(
        self, block: tf.Tensor, states: list[tf.Tensor]
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Timesteps (n, BLOCK, features) to hidden states (n, BLOCK, units) and the last state."""
        outputs = []
        # Unstacked once: the gradient of taking one timestep after another fills a whole block
        # with zeros for each.
        for step in tf.unstack(block, axis=1):
            output, states = self._cell(step, states)
            outputs.append(output)
        return tf.stack(outputs, 1), states


def _on_device(digits: Digits, scaling: str) -> tuple[tf.Tensor, tf.Tensor]:
    """Pixels (n, 28, 28) float32 and labels (n,) int32."""
    return tf.constant(to_input(digits.images, scaling)), tf.constant(digits.labels, tf.int32)
