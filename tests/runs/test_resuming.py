"""A training that was interrupted goes on from its last whole epoch, and says what that means."""

import os
import time
from dataclasses import replace

import numpy as np
import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.progress import ChunkDone, EpochDone, Start, Steering
from mnist_rnn.runs import queue
from mnist_rnn.runs.access import Visitor
from mnist_rnn.runs.ledger import best_epoch, last_epoch, row_of
from mnist_rnn.runs.metrics import Change, Metrics, to_line
from mnist_rnn.runs.status import FAILED, FINISHED, PAUSED, QUEUED, RUNNING, STOPPED, Control
from mnist_rnn.training.loop import train
from tests.networks import random_tensors
from tests.run_folders import list_runs
from tests.training.scripted import MODEL, chunk_done, epoch_done, work

SMALL = ModelConfig(units=6)
QUICK = TrainConfig(epochs=3, train_images=250, batch_size=40, optimizer="sgd")
ANNA, BEN, TEACHER = Visitor("anna"), Visitor("ben"), Visitor("t", teacher=True)


def interrupted(root, accuracies=(0.4, 0.8, 0.6), more=b"", **settings):
    """A run of Anna's with so many whole epochs whose process was gone in the next one."""
    run = runs.create(MODEL, TrainConfig(epochs=5, **settings), root, "anna")
    assert run.claim()
    with run.metrics.open("wb") as file:
        for epoch, accuracy in enumerate(accuracies, 1):
            done = epoch_done(epoch, accuracy)
            weights.save(run.snapshot(epoch), done.tensors, Card(MODEL, epochs_done=epoch))
            file.write(to_line(chunk_done(epoch)) + to_line(done))
        file.write(to_line(chunk_done(len(accuracies) + 1)) + more)
    run.set_status(FAILED, "The training was interrupted: its process is gone.")
    return run


class Recorded:
    """Stands in for training: two epochs more from wherever it is told to start."""

    start: Start | None = None
    asked: Steering | None = None

    def __call__(self, model, config, *, steer, start=None):
        self.start, self.asked = start, steer()
        first = start.epoch if start else 0
        for epoch in range(first + 1, first + 3):
            yield chunk_done(epoch)
            yield epoch_done(epoch)


def test_plain_gradient_descent_goes_on_as_if_nothing_had_happened():
    whole = list(train(SMALL, QUICK))
    after_first = next(event for event in whole if isinstance(event, EpochDone))
    start = Start(1, after_first.seconds, after_first.tensors)
    rest = list(train(SMALL, QUICK, start=start))
    expected = whole[whole.index(after_first) + 1 :]
    assert [type(event) for event in rest] == [type(event) for event in expected]
    for event, other in zip(rest, expected, strict=True):
        assert (event.epoch, event.loss) == (other.epoch, pytest.approx(other.loss, rel=1e-6))
        assert event.seconds > after_first.seconds
    for name, tensor in expected[-1].tensors.items():
        np.testing.assert_allclose(rest[-1].tensors[name], tensor, atol=1e-6, err_msg=name)


def test_weights_of_another_network_are_no_start():
    with pytest.raises(UserError, match="has shape"):
        next(train(SMALL, QUICK, start=Start(1, 0.0, random_tensors(MODEL))))


def test_a_run_goes_on_with_the_weights_of_its_last_epoch(tmp_path):
    run, training = interrupted(tmp_path), Recorded()
    queue.rejoin(ANNA, run)
    assert run.status().state == QUEUED
    assert run.claim()
    assert work(run, training).state == FINISHED
    assert (training.start.epoch, training.start.seconds) == (3, 3)
    expected = epoch_done(3).tensors
    assert training.start.tensors.keys() == expected.keys()
    for name, tensor in expected.items():
        np.testing.assert_array_equal(training.start.tensors[name], tensor)
    assert run.card().epochs_done == 2  # still the best: 0.8


def test_the_curve_of_a_run_that_went_on_shows_every_epoch_once(tmp_path):
    run = interrupted(tmp_path, more=b'{"kind": "chunk", "epo')
    watched = Metrics(run.metrics).refresh()
    assert [chunk.epoch for chunk in watched.chunks] == [1, 2, 3, 4]
    queue.rejoin(ANNA, run)
    work(run, Recorded())
    for metrics in (watched.refresh(), Metrics(run.metrics).refresh()):
        assert [chunk.epoch for chunk in metrics.chunks] == [1, 2, 3, 4, 5]
        assert [done.epoch for done in metrics.epochs] == [1, 2, 3, 4, 5]
        assert (np.diff(metrics.curves().chunk_epoch) > 0).all()
        assert metrics.changes == []


def test_a_run_without_a_whole_epoch_begins_again(tmp_path):
    run, training = interrupted(tmp_path, accuracies=()), Recorded()
    assert last_epoch(run) is None
    queue.rejoin(ANNA, run)
    assert work(run, training).state == FINISHED
    assert training.start is None
    assert [chunk.epoch for chunk in Metrics(run.metrics).refresh().chunks] == [1, 2]


@pytest.mark.parametrize("damage", ["lost", "torn", "of another network", "of another epoch"])
def test_an_epoch_whose_weights_are_of_no_use_is_trained_again(tmp_path, damage):
    run = interrupted(tmp_path)
    snapshot, other = run.snapshot(3), ModelConfig(units=3)
    if damage == "lost":
        snapshot.unlink()
    elif damage == "torn":
        snapshot.write_bytes(snapshot.read_bytes()[:700])
    elif damage == "of another network":
        weights.save(snapshot, random_tensors(other), Card(other, epochs_done=3))
    else:
        weights.save(snapshot, random_tensors(MODEL), Card(MODEL, epochs_done=1))
    assert last_epoch(run).epoch == 2
    queue.rejoin(ANNA, run)
    work(run, Recorded())
    assert [done.epoch for done in Metrics(run.metrics).refresh().epochs] == [1, 2, 3, 4]


def test_the_best_epoch_is_the_best_of_those_whose_weights_are_left(tmp_path):
    run = interrupted(tmp_path, (0.7, 0.9, 0.8, 0.6))
    last = last_epoch(run)
    assert (last.epoch, best_epoch(run, last).epoch) == (4, 2)
    run.snapshot(2).unlink()
    assert best_epoch(run, last).epoch == 3
    for epoch in (1, 3):
        run.snapshot(epoch).unlink()
    assert best_epoch(run, last) == last


def test_a_run_interrupted_in_its_test_is_tested(tmp_path):
    run = interrupted(tmp_path)

    def nothing_left(model, config, *, steer, start=None):
        assert start.epoch == 3
        return iter(())

    queue.rejoin(ANNA, run)
    assert work(run, nothing_left).state == FINISHED
    assert run.card().test_accuracy is not None


def test_it_neither_stops_nor_pauses_again_and_keeps_its_course(tmp_path):
    for state in (STOPPED, PAUSED):
        run, training = interrupted(tmp_path), Recorded()
        run.steer(learning_rate=0.5, pause_after=1)
        run.steer(state=state)
        queue.rejoin(TEACHER, run)
        assert run.control() == Control(RUNNING, learning_rate=0.5)
        assert work(run, training).state == FINISHED
        assert training.asked == Steering(learning_rate=0.5)
        assert Metrics(run.metrics).refresh().changes == [Change(4, 0, 0.5, None)]


def test_changes_that_were_made_before_the_last_epoch_ended_are_kept(tmp_path):
    kept, forgotten = Change(4, 0, 0.5, None), Change(4, 500, 0.25, None)
    run = interrupted(tmp_path, more=to_line(kept) + to_line(forgotten))
    queue.rejoin(ANNA, run)
    work(run, Recorded())
    assert Metrics(run.metrics).refresh().changes == [kept]


def test_only_the_owner_and_the_teacher_can_let_it_go_on(tmp_path):
    run = interrupted(tmp_path)
    with pytest.raises(UserError, match="Only the one who started"):
        queue.rejoin(BEN, run)
    assert run.status().state == FAILED
    queue.rejoin(TEACHER, run)
    assert run.status().state == QUEUED


@pytest.mark.parametrize("state", [QUEUED, RUNNING, STOPPED, FINISHED])
def test_a_run_that_was_not_interrupted_is_left_alone(tmp_path, state):
    run = interrupted(tmp_path)
    run.set_status(state)
    with pytest.raises(UserError, match="only one that was interrupted"):
        queue.rejoin(ANNA, run)
    assert (run.status().state, row_of(run).claimed) == (state, True)


def test_a_run_whose_status_is_torn_may_be_under_way_for_a_minute(tmp_path):
    run = interrupted(tmp_path)
    status = run.folder / "status.json"
    status.write_text("{")
    with pytest.raises(UserError, match="in a minute"):
        queue.rejoin(ANNA, run)
    for age in (90, -90):
        status.write_text("{")
        os.utime(status, (time.time() - age,) * 2)
        queue.rejoin(ANNA, run)
        assert run.status().state == QUEUED


def test_a_run_that_would_fail_again_is_left_alone(tmp_path):
    run = interrupted(tmp_path)
    run.set_status(FAILED, "The loss is not finite.", final=True)
    with pytest.raises(UserError, match="only one that was interrupted"):
        queue.rejoin(ANNA, run)


def test_a_run_that_goes_on_counts_as_unfinished_and_takes_a_new_turn(tmp_path):
    run = interrupted(tmp_path)
    settings = [(MODEL, TrainConfig())]
    for _ in range(2):
        queue.join(ANNA, settings, tmp_path)
    with pytest.raises(UserError, match="2 unfinished runs"):
        queue.rejoin(ANNA, run)
    mine, last = list_runs(tmp_path)[1:]
    last.set_status(STOPPED)
    (others,) = queue.join(BEN, settings, tmp_path)
    queue.rejoin(ANNA, run)
    served = queue.in_turn(map(row_of, (run, mine, others)))
    assert [row.run for row in served] == [mine, others, run]
    assert run.config().model == MODEL


def test_a_damaged_run_cannot_go_on(tmp_path):
    run = interrupted(tmp_path)
    (run.folder / "config.json").write_text("{")
    with pytest.raises(UserError, match="missing or damaged"):
        queue.rejoin(TEACHER, run)
    assert run.status().state == FAILED


def test_who_waits_with_half_of_it_done_waits_for_the_other_half(tmp_path):
    settings = replace(TrainConfig(), epochs=100)
    fresh = runs.create(MODEL, settings, tmp_path, "ben")
    begun = runs.create(MODEL, settings, tmp_path, "anna")
    begun.metrics.write_bytes(to_line(ChunkDone(51, 0, 1000, 1.0, 1.0, 0.5)))
    places = queue.places(tmp_path)
    whole, half = (places[run.id].ends_in - places[run.id].starts_in for run in (fresh, begun))
    assert half - 5 == pytest.approx((whole - 5) / 2)
