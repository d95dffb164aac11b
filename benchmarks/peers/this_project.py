"""The engine of this project, as the worker runs it."""

from benchmarks.peers.task import Epoch, Task
from mnist_rnn.progress import EpochDone
from mnist_rnn.training import loop


def start(task: Task) -> Epoch:
    loop.warm_up()
    progress = loop.train(task.model, task.train)

    def epoch(_: int) -> float:
        done = next(event for event in progress if isinstance(event, EpochDone))
        return done.validation_accuracy

    return epoch
