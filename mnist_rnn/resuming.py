"""Going on with a training that was interrupted, from what its run folder still holds."""

from dataclasses import replace

from mnist_rnn import weights
from mnist_rnn.errors import UserError
from mnist_rnn.json_files import read_json, replace_json
from mnist_rnn.metrics import Metrics
from mnist_rnn.progress import EpochDone
from mnist_rnn.runs import CONFIG, Run
from mnist_rnn.states import QUEUED
from mnist_rnn.steering import let_it_run


def last_epoch(run: Run) -> EpochDone | None:
    """The last epoch whose curve and weights are whole; None if there is no such epoch."""
    return next(filter(None, (_with_weights(run, done) for done in reversed(_reported(run)))), None)


def best_epoch(run: Run, last: EpochDone) -> EpochDone:
    """Of the epochs up to `last` whose weights are whole, the best by validation accuracy."""
    done = [epoch for epoch in _reported(run) if epoch.epoch < last.epoch]
    better = [epoch for epoch in done if epoch.validation_accuracy >= last.validation_accuracy]
    better.sort(key=lambda epoch: (-epoch.validation_accuracy, epoch.epoch))
    return next(filter(None, (_with_weights(run, epoch) for epoch in better)), last)


def queue_again(run: Run, turn: int) -> None:
    """Put a run back into the queue, at that turn; raises UserError or OSError if it can't be."""
    run.config()  # A damaged one can't go on.
    let_it_run(run.folder)
    replace_json(run.folder / CONFIG, {**read_json(run.folder / CONFIG), "turn": turn})
    run.release()
    run.set_status(QUEUED)


def _reported(run: Run) -> list[EpochDone]:
    return Metrics(run.metrics, each_chunk=False).refresh().epochs


def _with_weights(run: Run, done: EpochDone) -> EpochDone | None:
    """An epoch together with its snapshot; None if that is lost, damaged or of another network."""
    try:
        tensors, card = weights.load(run.snapshot(done.epoch))
        model, _ = run.config()
    except UserError:
        return None
    fits = card.model == model and card.epochs_done == done.epoch
    return replace(done, tensors=tensors) if fits else None
