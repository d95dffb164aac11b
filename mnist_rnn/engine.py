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

from mnist_rnn.config import ModelConfig
from mnist_rnn.data import Digits
from mnist_rnn.objectives import objective_of
from mnist_rnn.recurrence import hidden_states

_OPTIMIZERS = {
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "sgd": keras.optimizers.SGD,
}
VALIDATION_BATCH = 1000
# Timesteps written out one after another in one compiled block: XLA turns them into faster code
# than a loop, but takes longer to compile them. The timesteps of 28 rows are a multiple of it.
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
        timestep_weights: np.ndarray | None = None,
    ) -> None:
        """`steps` is the most that a chunk will have: every chunk is compiled as one of that.

        A label of -1 marks what is no digit: see `objectives.NameClass`.

        `clip_norm` caps the norm of the gradient over all weights (R. Pascanu, T. Mikolov and
        Y. Bengio, On the difficulty of training recurrent neural networks, 2013); 0 does not.

        `timestep_weights` (timesteps,), 1 on average, say how much each timestep of a many-to-many
        head counts in the training loss; None: all the same.
        """
        self.model = model
        self._config = config
        self._steps = steps
        self._objective = objective_of(config)
        self._labels = training.labels
        self._training = [
            tf.Variable(values, trainable=False) for values in self._objective.examples(training)
        ]
        self._validation = [tf.constant(values) for values in self._objective.examples(validation)]
        same = np.ones(1)
        self._timestep_weights = tf.constant(
            same if timestep_weights is None else timestep_weights, tf.float32
        )
        self._optimizer = _OPTIMIZERS[optimizer](global_clipnorm=clip_norm or None)
        self._optimizer.build(model.trainable_variables)
        # How a network goes to XLA was chosen by measurement on a processor
        # (benchmarks/epoch_speed.py). XLA makes one fast program of a whole step, except where a
        # GRU takes it long to compile, and of convolutions: those are many times slower than
        # TensorFlow's own. The 28 rows of a SimpleRNN or GRU are fastest written out; an LSTM
        # and what a CNN hands on gain from `recurrence`.
        plain = config.backbone == "rnn"
        whole = plain and config.cell != "gru"
        self._read = self._read_block if whole else tf.function(self._read_block, jit_compile=True)
        self._take = tf.function(self._take_steps, jit_compile=whole)
        self._validate = tf.function(self._validation_sums, jit_compile=whole)
        self._head = model.get_layer("head")
        recurrent = config.head != "one_to_one"
        layer = model.get_layer("rnn" if recurrent else "dense")
        self._sequence: Callable[[tf.Tensor], tf.Tensor] = keras.Model(model.input, layer.input)
        self._unroll = self._hidden_at_once
        if recurrent:
            written_out = plain and config.cell != "lstm"
            self._unroll = self._hidden_blocks if written_out else self._hidden_through_time
        self._layer = layer
        self._only_last = config.head == "many_to_one"

    def replace_images(self, images: np.ndarray) -> None:
        """Train on these images (n, 28, 28) uint8 from now on, with the labels there were."""
        examples = self._objective.examples(Digits(images, self._labels))
        for variable, values in zip(self._training, examples, strict=True):
            variable.assign(values)

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
        count = len(self._validation[0])
        loss_sum, right = 0.0, np.zeros(self._config.timesteps)
        for start in range(0, count, VALIDATION_BATCH):
            batch = [values[start : start + VALIDATION_BATCH] for values in self._validation]
            batch_loss, batch_right = self._validate(*batch)
            loss_sum += float(batch_loss)
            right += batch_right.numpy()
        return loss_sum / count, right / count

    def _take_steps(
        self, steps: tf.Tensor, indices: tf.Tensor, counts: tf.Tensor, rates: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        def step(i: tf.Tensor, loss_sum: tf.Tensor, right: tf.Tensor) -> tuple[tf.Tensor, ...]:
            self._optimizer.learning_rate.assign(rates[i])
            inputs, *targets = (tf.gather(values, indices[i]) for values in self._training)
            real = tf.cast(tf.range(len(inputs)) < counts[i], tf.float32)
            count = tf.cast(counts[i], tf.float32)
            with tf.GradientTape() as tape:
                logits = self._head(self._hidden(inputs))
                by_timestep = self._objective.loss(logits, *targets) * self._timestep_weights
                loss = tf.reduce_sum(tf.reduce_mean(by_timestep, 1) * real) / count
            variables = self.model.trainable_variables
            self._optimizer.apply(tape.gradient(loss, variables), variables)
            right_now = self._objective.right(logits, *targets)[:, -1]
            return i + 1, loss_sum + loss * count, right + tf.reduce_sum(right_now * real)

        _, loss_sum, right = tf.while_loop(lambda i, *_: i < steps, step, (0, 0.0, 0.0))
        return loss_sum, right

    def _validation_sums(self, inputs: tf.Tensor, *targets: tf.Tensor) -> tuple[tf.Tensor, ...]:
        logits = self._head(tf.concat(self._unroll(inputs), 1))  # (n, timesteps, outputs)
        asked = logits[:, -1:] if self._only_last else logits
        loss_sum = tf.reduce_sum(tf.reduce_mean(self._objective.loss(asked, *targets), 1))
        return loss_sum, tf.reduce_sum(self._objective.right(logits, *targets), 0)

    def _hidden(self, inputs: tf.Tensor) -> tf.Tensor:
        """What the head reads in training: (n, timesteps, units), or the last of them alone."""
        blocks = self._unroll(inputs)
        return blocks[-1][:, -1:] if self._only_last else tf.concat(blocks, 1)

    def _hidden_at_once(self, inputs: tf.Tensor) -> list[tf.Tensor]:
        """The hidden state of a network without recurrence, in a list of one (n, 1, units)."""
        return [self._layer(self._sequence(inputs))[:, None]]

    def _hidden_through_time(self, inputs: tf.Tensor) -> list[tf.Tensor]:
        """The hidden state after each timestep, in a list of one (n, timesteps, units)."""
        return [tf.transpose(hidden_states(self._layer, self._sequence(inputs)), (1, 0, 2))]

    def _hidden_blocks(self, inputs: tf.Tensor) -> list[tf.Tensor]:
        """What goes in, to the hidden state after each timestep, in (n, BLOCK, units)."""
        states = self._layer.cell.get_initial_state(batch_size=len(inputs))
        hidden = []
        for block in tf.split(self._sequence(inputs), self._config.timesteps // BLOCK, axis=1):
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
            output, states = self._layer.cell(step, states)
            outputs.append(output)
        return tf.stack(outputs, 1), states
