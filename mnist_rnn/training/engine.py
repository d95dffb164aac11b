"""Training steps compiled into one call: Keras's layers, losses and optimizers without `fit`.

Keras's `fit` enters Python for every batch and steps through a recurrent layer with a loop of
small operations. Here a chunk of optimizer steps is one compiled function that picks its batches
from images already on the device; the numbers are the same.
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.training.objectives import DrawRows, NameClass
from mnist_rnn.training.optimizers import OPTIMIZERS
from mnist_rnn.training.recurrence import dropout_masks, hidden_states, written_out

VALIDATION_BATCH = 1000


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
        timestep_weights: np.ndarray | None = None,
    ) -> None:
        """`steps` is the most that a chunk may have: every chunk is compiled as one of that.

        A label of -1 marks what is no digit: see `objectives.NameClass`.

        `clip_norm` caps the norm of the gradient over all weights (R. Pascanu, T. Mikolov and
        Y. Bengio, On the difficulty of training recurrent neural networks, 2013); 0 does not.

        `timestep_weights` (timesteps,), 1 on average, say how much each timestep of a many-to-many
        head counts in the training loss; None: all the same.
        """
        self.model = model
        self._config = config
        self.steps = steps
        self._objective: DrawRows | NameClass = (
            DrawRows(config) if config.head == "one_to_many" else NameClass(config)
        )
        self._labels = training.labels
        self._training = [
            tf.Variable(values, trainable=False) for values in self._objective.examples(training)
        ]
        self._validation = [tf.constant(values) for values in self._objective.examples(validation)]
        self._timestep_weights = tf.constant(
            np.ones(1) if timestep_weights is None else timestep_weights, tf.float32
        )
        self._optimizer = OPTIMIZERS[optimizer](global_clipnorm=clip_norm or None)
        self._optimizer.build(model.trainable_variables)
        self._before_steps = [variable.numpy() for variable in self._optimizer.variables]
        self._head = model.get_layer("head")
        self._recurrent = config.head != "one_to_one"
        self._layer = model.get_layer("rnn" if self._recurrent else "dense")
        self._sequence = keras.Model(model.input, self._layer.input)
        self._only_last = config.head == "many_to_one"
        # What goes to XLA was chosen by measurement on a processor (benchmarks/epoch_speed.py).
        # Many steps of a SimpleRNN, its 28 timesteps written out one after another, make one fast
        # program. A GRU or an LSTM would take long to compile that way: the gradients of half a
        # batch are one program. Convolutions are many times slower in XLA than in TensorFlow:
        # behind them, the loops over time are programs, and the loss.
        self._whole = config.backbone == "rnn" and config.cell == "simple_rnn"
        self._gradients = tf.function(
            self._gradient_sums, jit_compile=config.backbone == "rnn" or None
        )
        self._loss = tf.function(self._training_sums, jit_compile=True)
        self._apply = tf.function(self._apply_gradients, jit_compile=True)
        self._take = tf.function(self._take_steps, jit_compile=self._whole)
        self._validate = tf.function(self._validate_halves, jit_compile=self._whole)

    def replace_images(self, images: np.ndarray) -> None:
        """Train on these images (n, 28, 28) uint8 from now on, with the labels there were."""
        examples = self._objective.examples(Digits(images, self._labels))
        for variable, values in zip(self._training, examples, strict=True):
            variable.assign(values)

    def forget_steps(self) -> None:
        """Let the optimizer be as it was before its first step; the weights stay."""
        for variable, value in zip(self._optimizer.variables, self._before_steps, strict=True):
            variable.assign(value)

    def compile_steps(self, batch_size: int) -> None:
        """Compile what takes steps, by taking one; `forget_steps` and new weights undo it."""
        self.run(
            np.zeros((1, batch_size), np.int32),
            np.array([batch_size], np.int32),
            np.zeros(1, np.float32),
        )

    def compile_validation(self) -> None:
        """Compile what `validate` calls, by reading a batch."""
        self._validate(*(values[:VALIDATION_BATCH] for values in self._validation))

    def run(
        self, indices: np.ndarray, counts: np.ndarray, rates: np.ndarray, first: int = 0
    ) -> tuple[float, float]:
        """Take some steps: the sum of the loss over their images, and how many were right.

        indices: (steps, batch_size) int32; a short last batch is padded with any index.
        counts: (steps,) int32, how many images of each batch are real.
        rates: (steps,) float32, the learning rate of each step.
        first: how many steps the training had taken before; dropout is other at each.
        """
        steps = len(counts)
        spare = (0, self.steps - steps)
        loss_sum, right = self._take(
            tf.constant(steps),
            tf.constant(np.pad(indices, (spare, (0, 0)))),
            tf.constant(np.pad(counts, spare)),
            tf.constant(np.pad(rates, spare)),
            tf.constant(first),
        )
        return float(loss_sum), float(right)

    def validate(self) -> tuple[float, np.ndarray]:
        """On the validation images: the mean loss, and the fraction right (timesteps,)."""
        count = len(self._validation[0])
        loss_sum, right = 0.0, np.zeros(self._config.timesteps)
        for start in range(0, count, VALIDATION_BATCH):
            batch = [values[start : start + VALIDATION_BATCH] for values in self._validation]
            batch_loss, batch_right = self._validate(*batch)
            loss_sum += float(batch_loss)
            right += batch_right.numpy()
        return loss_sum / count + float(self._penalty()), right / count

    def _take_steps(
        self,
        steps: tf.Tensor,
        indices: tf.Tensor,
        counts: tf.Tensor,
        rates: tf.Tensor,
        first: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        def step(i: tf.Tensor, loss_sum: tf.Tensor, right: tf.Tensor) -> tuple[tf.Tensor, ...]:
            real = tf.cast(tf.range(indices.shape[1]) < counts[i], tf.float32)
            masks = (
                dropout_masks(self._layer, indices.shape[1], first + i) if self._recurrent else ()
            )
            loss_now, right_now, *gradients = _halves_summed(
                self._gradients, indices[i], real, *masks
            )
            count = tf.cast(counts[i], tf.float32)
            loss_now += count * self._penalty()
            self._apply(gradients, count, rates[i])
            return i + 1, loss_sum + loss_now, right + right_now

        _, loss_sum, right = tf.while_loop(lambda i, *_: i < steps, step, (0, 0.0, 0.0))
        return loss_sum, right

    def _gradient_sums(
        self, indices: tf.Tensor, real: tf.Tensor, *masks: tf.Tensor
    ) -> list[tf.Tensor]:
        """Over the real images: sum of the loss, how many are right, sum of each gradient."""
        inputs, *targets = (tf.gather(values, indices) for values in self._training)
        with tf.GradientTape() as tape:
            logits = self._logits(inputs, *masks, only_last=self._only_last)
            loss_sum, right = self._loss(logits, real, *targets)
        return [loss_sum, right, *tape.gradient(loss_sum, self.model.trainable_variables)]

    def _penalty(self) -> tf.Tensor:
        """What the regularizers add to the mean loss."""
        losses = self.model.losses
        return tf.add_n(losses) if losses else tf.constant(0.0)

    def _training_sums(
        self, logits: tf.Tensor, real: tf.Tensor, *targets: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Over the real images: the sum of the loss, and how many are right in the end."""
        by_timestep = self._objective.loss(logits, *targets) * self._timestep_weights
        loss_sum = tf.reduce_sum(tf.reduce_mean(by_timestep, 1) * real)
        right = self._objective.right(logits, *targets)[:, -1]
        return loss_sum, tf.reduce_sum(right * real)

    def _apply_gradients(self, sums: list[tf.Tensor], count: tf.Tensor, rate: tf.Tensor) -> None:
        weights = self.model.trainable_variables
        with tf.GradientTape() as tape:
            penalty = self._penalty()
        gradients = [
            total / count if of_size is None else total / count + of_size
            for total, of_size in zip(sums, tape.gradient(penalty, weights), strict=True)
        ]
        self._optimizer.learning_rate.assign(rate)
        self._optimizer.apply(gradients, weights)

    def _validate_halves(self, *batch: tf.Tensor) -> list[tf.Tensor]:
        return _halves_summed(self._validation_sums, *batch)

    def _validation_sums(self, inputs: tf.Tensor, *targets: tf.Tensor) -> list[tf.Tensor]:
        logits = self._logits(inputs)
        asked = logits[:, -1:] if self._only_last else logits
        loss_sum = tf.reduce_sum(tf.reduce_mean(self._objective.loss(asked, *targets), 1))
        return [loss_sum, tf.reduce_sum(self._objective.right(logits, *targets), 0)]

    def _logits(self, inputs: tf.Tensor, *masks: tf.Tensor, only_last: bool = False) -> tf.Tensor:
        """Those after each timestep, (n, timesteps, outputs); masks are those of dropout.

        With `only_last`, those after the last, (n, 1, outputs).
        """
        sequence = self._sequence(inputs)
        if not self._recurrent:
            return self._head(self._layer(sequence))[:, None]
        if masks:
            sequence *= masks[0][:, None]
        if self._whole:
            hidden = written_out(self._layer, sequence, *masks[1:])
            return self._head(tf.stack(hidden[-1:] if only_last else hidden, 1))
        hidden = hidden_states(self._layer, sequence, *masks[1:], only_last=only_last)
        if only_last:
            return self._head(hidden)[:, None]
        return tf.transpose(self._head(hidden), (1, 0, 2))


def _halves_summed(sums: Callable[..., list[tf.Tensor]], *values: tf.Tensor) -> list[tf.Tensor]:
    """What `sums` makes of all the values: of each half by itself, both at the same time.

    The operations of a small network are too small to be shared out among a processor's cores.
    """
    half = len(values[0]) // 2
    halves = [slice(half), slice(half, None)] if half else [slice(None)]
    parts = [sums(*(value[part] for value in values)) for part in halves]
    return [tf.add_n(list(part)) for part in zip(*parts, strict=True)]
