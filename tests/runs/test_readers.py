"""The readers that runs leave, and how little it takes to look at them again."""

from pathlib import Path

import numpy as np
import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.runs.ledger import rows
from mnist_rnn.runs.queue import places
from mnist_rnn.runs.readers import offered_readers
from mnist_rnn.runs.status import FAILED, FINISHED, RUNNING, STOPPED
from tests.run_folders import TINY, settle


def save_best(run, epochs_done=1):
    tensors = {name: np.zeros(shape, np.float32) for name, shape in weights.shapes(TINY).items()}
    weights.save(run.best, tensors, Card(TINY, epochs_done=epochs_done))


def readers_of(root):
    return offered_readers(rows(root)[::-1])[1]


def test_readers_of_runs_that_ended_are_listed_newest_first(tmp_path):
    first, unfinished, failed, empty = (
        runs.create(TINY, TrainConfig(), tmp_path) for _ in range(4)
    )
    for run in (first, unfinished, failed):
        save_best(run)
    for run, state in (
        (first, FINISHED),
        (unfinished, RUNNING),
        (failed, FAILED),
        (empty, STOPPED),
    ):
        run.set_status(state)
    assert [(entry.key, entry.path) for entry in readers_of(tmp_path)] == [
        (failed.id, failed.best),
        (first.id, first.best),
    ]


@pytest.mark.parametrize("head", ["one_to_one", "one_to_many"])
def test_what_reads_no_rows_is_not_among_the_readers(tmp_path, head):
    run, reader = (
        runs.create(ModelConfig(head=h), TrainConfig(), tmp_path) for h in (head, "many_to_one")
    )
    for ended in (run, reader):
        ended.best.touch()
        ended.set_status(FINISHED)
    assert [entry.key for entry in readers_of(tmp_path)] == [reader.id]


def test_looking_at_runs_again_reads_no_file_again(tmp_path, monkeypatch):
    created = [runs.create(TINY, TrainConfig(), tmp_path) for _ in range(3)]
    for run in created:
        save_best(run)
        run.set_status(FINISHED)
    last = runs.create(TINY, TrainConfig(), tmp_path)
    settle(tmp_path)
    readers = readers_of(tmp_path)
    assert (len(readers), places(tmp_path)[last.id].ahead) == (3, 0)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", None)
        assert readers_of(tmp_path) == readers
        assert places(tmp_path)[last.id].ahead == 0
    created[1].set_status(RUNNING)
    assert len(readers_of(tmp_path)) == 2
    assert places(tmp_path)[last.id].ahead == 1
