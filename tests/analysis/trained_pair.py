"""Both heads of one experiment: their accuracies row by row, and runs of them."""

from dataclasses import replace

import numpy as np

from mnist_rnn import runs
from mnist_rnn.analysis.two_heads import both_heads
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.runs.metrics import to_line
from mnist_rnn.runs.status import FINISHED

MODEL, TRAIN = ModelConfig(units=2), TrainConfig(epochs=4, train_images=1000)
ONCE = (0.1,) * 27 + (0.97,)
ALWAYS = (*np.linspace(0.1, 0.9, 27).tolist(), 0.95)


def trained_pair(state=FINISHED, seed=0, once=ONCE, always=ALWAYS, climb=0.0):
    """Both heads, with three epochs each, each better by `climb`, and a tested reader."""
    made = []
    train = replace(TRAIN, seed=seed)
    for (model, _), fractions in zip(both_heads(MODEL, train), (once, always), strict=True):
        run = runs.create(model, train)
        chunk = to_line(ChunkDone(1, 1000, 1000, 1.0, 1.0, 0.5))
        epochs = [
            EpochDone(
                e, e, 0.001, 1.0, 0.5, 1.0, (*fractions[:-1], fractions[-1] - (3 - e) * climb), {}
            )
            for e in (1, 2, 3)
        ]
        run.metrics.write_bytes(chunk + b"".join(map(to_line, epochs)))
        zeros = {name: np.zeros(shape, np.float32) for name, shape in weights.shapes(model).items()}
        weights.save(run.best, zeros, Card(model, train, 3, fractions, (0.5,) * 10))
        run.set_status(state)
        made.append(run)
    return made
