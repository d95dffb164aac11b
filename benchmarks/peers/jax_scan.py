"""JAX: `lax.scan` over the timesteps inside one compiled `lax.scan` over an epoch's batches."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from benchmarks.peers.task import EPSILON, RHO, VALIDATION_BATCH, Epoch, Task
from mnist_rnn.config import CLASSES

Parameters = dict[str, jax.Array]
State = tuple[Parameters, Parameters]  # and the means of their squared gradients


def logits(parameters: Parameters, pixels: jax.Array) -> jax.Array:
    """The answers after each timestep: rows (n, 28, 28) to (28, n, 10)."""
    rows = pixels.swapaxes(0, 1) @ parameters["rnn.kernel"] + parameters["rnn.bias"]

    def step(hidden: jax.Array, row: jax.Array) -> tuple[jax.Array, jax.Array]:
        hidden = jnp.tanh(row + hidden @ parameters["rnn.recurrent_kernel"])
        return hidden, hidden

    nothing = jnp.zeros((len(pixels), parameters["rnn.bias"].size))
    _, hidden = lax.scan(step, nothing, rows)
    return hidden @ parameters["head.kernel"] + parameters["head.bias"]


def start(task: Task) -> Epoch:
    (pixels, labels), (validation_pixels, validation_labels) = jax.tree.map(
        jnp.asarray, task.images()
    )
    parts = len(validation_labels) // VALIDATION_BATCH
    first_asked = -1 if task.model.head == "many_to_one" else 0
    rate = task.train.learning_rate

    def loss(parameters: Parameters, images: jax.Array, names: jax.Array) -> jax.Array:
        asked = jax.nn.log_softmax(logits(parameters, images)[first_asked:])
        return -(asked * jax.nn.one_hot(names, CLASSES)).sum(-1).mean()

    def step(state: State, batch: jax.Array) -> tuple[State, None]:
        parameters, means = state
        gradients = jax.grad(loss)(parameters, pixels[batch], labels[batch])
        means = jax.tree.map(lambda m, g: RHO * m + (1 - RHO) * g**2, means, gradients)
        parameters = jax.tree.map(
            lambda p, g, m: p - rate * g / jnp.sqrt(m + EPSILON), parameters, gradients, means
        )
        return (parameters, means), None

    @jax.jit
    def train(state: State, batches: jax.Array) -> State:
        return lax.scan(step, state, batches)[0]

    @jax.jit
    def right(parameters: Parameters) -> jax.Array:
        answers = lax.map(
            lambda images: logits(parameters, images)[-1].argmax(-1),
            validation_pixels.reshape(parts, -1, *validation_pixels.shape[1:]),
        )
        return (answers.ravel() == validation_labels).mean()

    first = {name: jnp.asarray(array) for name, array in task.first.items()}
    state = (first, jax.tree.map(jnp.zeros_like, first))

    def epoch(number: int) -> float:
        nonlocal state
        state = train(state, jnp.asarray(task.batches(number)))
        return float(np.asarray(right(state[0])))

    return epoch
