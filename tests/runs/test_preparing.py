"""A network is compiled before it is asked for: same curve, one at a time, never without end."""

import json
import os
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.runs import preparing
from mnist_rnn.runs.preparing import Preparing
from mnist_rnn.runs.status import FINISHED, RUNNING
from mnist_rnn.runs.supervisor import Supervisor
from mnist_rnn.runs.workers import PREPARE, Workers
from mnist_rnn.training import examples, loop, prepared
from tests.runs import stand_in
from tests.waiting import wait_for

SMALL = ModelConfig(units=4)
QUICK = TrainConfig(epochs=2, train_images=250, batch_size=40, learning_rate=0.01)


@pytest.fixture(autouse=True)
def nothing_is_kept():
    prepared.kept.clear()


@pytest.fixture(autouse=True)
def few_non_digits(monkeypatch):
    """They take milliseconds each to draw."""
    monkeypatch.setattr(examples, "POOL_IMAGES", 50)


def curve(model: ModelConfig, train: TrainConfig) -> list[object]:
    """All that a training reports but for its seconds, and the bytes of all weights."""
    found: list[object] = []
    for event in loop.train(model, train):
        if isinstance(event, ChunkDone):
            found.append(replace(event, seconds=0))
        elif isinstance(event, EpochDone):
            found.append(replace(event, seconds=0, tensors={}))
            found.append({name: tensor.tobytes() for name, tensor in event.tensors.items()})
    return found


@pytest.mark.parametrize(
    ("model", "train"),
    [
        (SMALL, QUICK),
        (
            replace(SMALL, head="many_to_many"),
            replace(
                QUICK, optimizer="adam", schedule="cosine", augmentation="affine", non_digits=0.2
            ),
        ),
        (replace(SMALL, cell="gru", head="many_to_many"), replace(QUICK, seed=3, clip_norm=1.0)),
        (replace(SMALL, backbone="cnn_rnn", filters=1), replace(QUICK, optimizer="sgd")),
    ],
    ids=lambda value: value.backbone if isinstance(value, ModelConfig) else value.optimizer,
)
def test_what_was_prepared_takes_the_very_same_steps(model, train) -> None:
    as_before = curve(model, train)
    prepared.kept.clear()
    steps = loop.prepare(model, train)
    next(steps)
    # A run that comes at this point takes over what there is.
    assert curve(model, train) == as_before
    prepared.kept.clear()
    list(loop.prepare(model, train))
    engine = prepared.kept[0].engine
    assert curve(model, train) == as_before
    assert prepared.kept[0].engine is engine
    # And so does what another training has left, with another seed and other images in between.
    shaken = replace(train, epochs=1, seed=train.seed if train.non_digits else 9)
    list(islice(loop.train(model, replace(shaken, learning_rate=0.5)), 2))
    assert curve(model, train) == as_before
    assert prepared.kept[0].engine is engine


def test_one_network_is_kept_and_nobody_shares_it() -> None:
    (as_alone, *_) = curve(SMALL, QUICK)
    first, second = loop.train(SMALL, QUICK), loop.train(SMALL, QUICK)
    assert [replace(next(training), seconds=0) for training in (first, second)] == [as_alone] * 2
    assert prepared.kept == []
    first.close()
    second.close()
    assert len(prepared.kept) == 1
    list(loop.prepare(replace(SMALL, units=5), QUICK))
    assert [kept.settings.model.units for kept in prepared.kept] == [5]


class Clerk:
    """A worker that writes down the lines that it reads."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "lines.txt"
        self.command = ("sh", "-c", f"exec cat > '{self._file}'")

    @property
    def units(self) -> list[int]:
        """Of the networks that it was asked to prepare."""
        lines = [line.partition(" ") for line in self._file.read_text().splitlines()]
        return [json.loads(what)[0]["units"] for order, _, what in lines if order == PREPARE]


@pytest.fixture
def clerk(tmp_path):
    return Clerk(tmp_path)


@pytest.fixture
def service(tmp_path, clerk):
    root = tmp_path / "runs"
    root.mkdir()
    service = Supervisor(root, clerk.command)
    service.warm()
    wait_for((tmp_path / "lines.txt").exists, "the clerk is there")
    yield service
    service.close()


def wanting(units: int) -> tuple[ModelConfig, TrainConfig]:
    return replace(SMALL, units=units), QUICK


def test_the_last_one_asked_for_is_prepared_once(service, clerk):
    for units in range(1, 6):
        service.warm(wanting(units))
        time.sleep(preparing.SETTLED_SECONDS / 4)
    wait_for(lambda: clerk.units, "a network is prepared")
    service.warm(wanting(5))
    time.sleep(2 * preparing.SETTLED_SECONDS)
    assert clerk.units == [5]


def test_nothing_is_prepared_while_a_run_is_under_way(service, clerk, tmp_path):
    run = runs.create(SMALL, QUICK, tmp_path / "runs")
    run.set_status(RUNNING, pid=os.getpid())
    service.look()
    time.sleep(0.5)
    service.warm(wanting(7))
    time.sleep(3 * preparing.SETTLED_SECONDS)
    assert clerk.units == []
    run.set_status(FINISHED)
    wait_for(lambda: clerk.units == [7], "the network is prepared after the run")


def test_whoever_turns_the_settings_round_and_round_is_not_followed(monkeypatch, tmp_path, clerk):
    monkeypatch.setattr(preparing, "SETTLED_SECONDS", 0.0)
    workers = Workers(clerk.command, tmp_path)
    workers.hire()
    wishes = Preparing(workers)
    for turn in range(5 * preparing.MOST_BETWEEN_RUNS):
        wishes.ask(wanting(1 + turn % 9))
        wishes.step()
    workers.close()
    workers.members[0].wait()
    assert len(clerk.units) == preparing.MOST_BETWEEN_RUNS
    # A run ends it: from then on the page is followed again.
    workers.hire()
    wishes.a_run_begins()
    wishes.ask(wanting(33))
    wishes.step()
    workers.close()
    workers.members[0].wait()
    assert clerk.units == [33]


@pytest.mark.processes
def test_a_worker_leaves_out_what_is_not_wanted_any_more(tmp_path):
    workers = Workers(stand_in.command(0.5), tmp_path)
    worker = workers.hire()
    for units in range(1, 30):
        workers.prepare(worker, wanting(units))

    def halves(half: str) -> list[str]:
        log = (tmp_path / "worker.log").read_text().splitlines()
        return [line.split()[1] for line in log if line.startswith(half)]

    wait_for(lambda: halves("second"), "one is prepared to the end")
    assert halves("second") == ["29"]
    assert len(halves("first")) <= 3
    workers.close()
    assert worker.wait() == 0


def test_a_worker_that_died_with_a_line_unread_holds_up_no_end(tmp_path):
    workers = Workers(("true",), tmp_path)
    worker = workers.hire()
    worker.wait()
    with pytest.raises(BrokenPipeError):
        workers.prepare(worker, wanting(1))
    workers.close()
    assert worker.stdin.closed


def test_a_worker_that_dies_of_it_is_not_started_over_and_over(tmp_path):
    service = Supervisor(tmp_path, ("sh", "-c", "read line; exit 3"))
    service.warm(wanting(1))
    (worker,) = service.workers.members
    assert worker.wait() == 3
    for units in (2, 3):
        service.warm(wanting(units))
        time.sleep(2 * preparing.SETTLED_SECONDS)
    assert service.workers.members == [worker]
    service.close()
