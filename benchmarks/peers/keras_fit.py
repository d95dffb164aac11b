"""Keras's own `fit`, on the model of this project."""

import keras
import numpy as np

from benchmarks.peers.task import VALIDATION_BATCH, Epoch, Task
from mnist_rnn.training import models


def start(task: Task) -> Epoch:
    (pixels, labels), (validation_pixels, validation_labels) = task.images()
    every_timestep = task.model.head == "many_to_many"
    if every_timestep:
        labels, validation_labels = (
            np.repeat(some[:, None], task.model.timesteps, 1)
            for some in (labels, validation_labels)
        )
    model = models.build(task.model, task.train)
    models.assign(model, task.model, task.first)
    model.compile(
        keras.optimizers.RMSprop(task.train.learning_rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy" if not every_timestep else at_last_timestep],
    )

    def epoch(number: int) -> float:
        order = task.batches(number).ravel()
        history = model.fit(
            pixels[order],
            labels[order],
            batch_size=task.train.batch_size,
            shuffle=False,
            validation_data=(validation_pixels, validation_labels),
            validation_batch_size=VALIDATION_BATCH,
            verbose=0,
        )
        (name,) = (key for key in history.history if key.startswith("val_") and key != "val_loss")
        return history.history[name][-1]

    return epoch


def at_last_timestep(labels: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """Whether each image's last answer is right, (n,)."""
    return keras.metrics.sparse_categorical_accuracy(labels[:, -1], logits[:, -1])
