"""The worker on a training that a test has written: what it reports, and when."""

import threading

import numpy as np

from mnist_rnn.config import ModelConfig
from mnist_rnn.network import weights
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.training import worker

MODEL = ModelConfig(units=2)
APP_IS_THERE = threading.Event()


def random_tensors(seed):
    random = np.random.default_rng(seed)
    shapes = weights.shapes(MODEL).items()
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes}


def epoch_done(epoch, accuracy=0.5):
    by_timestep = (0.1,) * 27 + (accuracy,)
    return EpochDone(epoch, epoch, 0.001, 1.0, 0.5, 1.0, by_timestep, random_tensors(epoch))


def chunk_done(epoch=1):
    return ChunkDone(epoch, 1000, 1000, epoch, 1.0, 0.5)


def scripted(*events):
    """A training that reports these events; an exception among them is raised."""

    def train(model, config, *, steer, start=None):
        for event in events:
            steer()
            if isinstance(event, Exception):
                raise event
            yield event

    return train


def save_nothing(path, config, tensors):
    path.write_text(f"{config.units} units")


def work(run, train, save_model=save_nothing, app_gone=APP_IS_THERE):
    worker.work(run, run.lease(), train, save_model, app_gone)
    return run.status()
