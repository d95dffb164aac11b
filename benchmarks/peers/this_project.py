"""The engine of this project, as the worker runs it."""

from benchmarks.peers.task import Epoch, Task
from mnist_rnn import training
from mnist_rnn.progress import EpochDone


def start(task: Task) -> Epoch:
    training.warm_up()
    progress = training.train(task.model, task.train)

    def epoch(_: int) -> float:
        done = next(event for event in progress if isinstance(event, EpochDone))
        return done.validation_accuracy

    return epoch
