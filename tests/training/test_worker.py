"""The worker: one run at a time, and a clear word about each, whatever happens."""

import errno
import os
import threading

import keras
import numpy as np
import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.handwriting import StyleScale
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network import weights
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader
from mnist_rnn.progress import Diverged, Steering
from mnist_rnn.runs.ledger import rows
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.readers import offered_readers
from mnist_rnn.runs.status import FAILED, FINISHED, PAUSED, RUNNING, STOPPED
from mnist_rnn.training import loop, worker
from tests.training.scripted import (
    APP_IS_THERE,
    MODEL,
    chunk_done,
    epoch_done,
    random_tensors,
    save_nothing,
    scripted,
    work,
)
from tests.waiting import wait_for


@pytest.fixture
def run(tmp_path):
    return runs.create(MODEL, TrainConfig(epochs=3), tmp_path)


def test_a_finished_run_has_a_tested_reader(run, tmp_path):
    assert work(run, scripted(chunk_done(), epoch_done(1))).state == FINISHED
    card = run.card()
    assert card.epochs_done == 1
    assert card.accuracy_by_timestep[-1] == card.test_accuracy
    assert len(card.accuracy_by_digit) == 10
    assert run.keras_model.read_text() == "2 units"
    assert [entry.key for entry in offered_readers(rows(tmp_path))[1]] == [run.id]
    assert np.array_equal(
        Reader.load(run.best).tensors["rnn.kernel"], random_tensors(1)["rnn.kernel"]
    )


@pytest.mark.parametrize("head", ["one_to_one", "one_to_many"])
def test_the_other_wirings_train_in_the_worker(tmp_path, monkeypatch, head):
    few = {part: load_digits(part).first(400) for part in ("train", "validation", "test")}
    scale = StyleScale(few["train"])
    for module in ("training.objectives", "evaluation.drawings"):
        monkeypatch.setattr(f"mnist_rnn.{module}.training_scale", lambda: scale)
    for module in ("training.examples", "evaluation.accuracy"):
        monkeypatch.setattr(f"mnist_rnn.{module}.load_digits", few.get)
    model = ModelConfig(head=head, units=3, styles=4)
    run = runs.create(model, TrainConfig(epochs=2, train_images=200), tmp_path)
    assert work(run, loop.train, loop.save_keras).state == FINISHED, run.status().message
    metrics = Metrics(run.metrics).refresh()
    assert [epoch.epoch for epoch in metrics.epochs] == [1, 2]
    assert len(metrics.epochs[0].validation_accuracy_by_timestep) == model.timesteps
    assert metrics.epochs[1].loss < metrics.epochs[0].loss
    network = Drawer.load(run.best) if head == "one_to_many" else Reader.load(run.best)
    assert network.card.accuracy_by_timestep is not None
    saved = keras.saving.load_model(run.keras_model)
    assert saved.output_shape == ((None, 28, 28) if head == "one_to_many" else (None, 10))


def test_every_epoch_has_a_snapshot_and_the_best_one_is_the_reader(run):
    work(
        run, scripted(*(epoch_done(n, accuracy) for n, accuracy in ((1, 0.4), (2, 0.8), (3, 0.6))))
    )
    assert [weights.load(run.snapshot(n))[1].epochs_done for n in (1, 2, 3)] == [1, 2, 3]
    assert run.card().epochs_done == 2


def test_a_diverged_run_says_so_and_keeps_its_last_good_reader(run):
    status = work(run, scripted(epoch_done(1), chunk_done(2), Diverged("The loss is not finite.")))
    assert status.state == FAILED
    assert status.message.startswith("The loss is not finite.")
    assert "epoch 1" in status.message
    assert Reader.load(run.best).card.epochs_done == 1


def test_a_full_disk_is_named_and_the_last_snapshot_kept(run, monkeypatch):
    save, saved = weights.save, []

    def save_until_full(path, tensors, card):
        if len(saved) >= 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        saved.append(path)
        save(path, tensors, card)

    monkeypatch.setattr(weights, "save", save_until_full)
    status = work(run, scripted(epoch_done(1), epoch_done(2, 0.9)))
    assert status.state == FAILED
    assert "disk is full" in status.message
    assert Reader.load(run.best).card.epochs_done == 1


def test_an_unexpected_error_is_logged_and_told_in_one_sentence(run, caplog):
    status = work(run, scripted(chunk_done(), RuntimeError("a\nlong\nstory")))
    assert status.state == FAILED
    assert "RuntimeError" in status.message
    assert "long" not in status.message
    assert "long\nstory" in caplog.text


class ResourceExhaustedError(Exception):
    """Named like TensorFlow's."""


@pytest.mark.parametrize("kind", [MemoryError, ResourceExhaustedError])
def test_too_little_memory_is_told_with_what_to_do(run, kind):
    status = work(run, scripted(epoch_done(1), kind("OOM when allocating tensor")))
    assert status.state == FAILED
    assert "fewer units or a smaller batch" in status.message
    assert "epoch 1" in status.message


def test_a_damaged_configuration_fails_the_run(run):
    (run.folder / "config.json").write_text("{")
    status = work(run, scripted(epoch_done(1)))
    assert (status.state, run.best.exists()) == (FAILED, False)
    assert "damaged" in status.message


@pytest.mark.parametrize("taken", ["release", "revoke"])
def test_a_worker_whose_run_was_taken_away_writes_nothing_more(run, taken):
    lease = run.claim()
    kept = {}

    def train(model, config, *, steer, start=None):
        yield epoch_done(1)
        getattr(run, taken)()
        run.set_status(FAILED, "It was taken away.")
        kept.update({p: p.read_bytes() for p in run.folder.rglob("*") if p.is_file()})
        yield epoch_done(2, 0.9)
        raise AssertionError("it went on")

    worker.work(run, lease, train, save_nothing, APP_IS_THERE)
    assert {p: p.read_bytes() for p in run.folder.rglob("*") if p.is_file()} == kept


def test_a_run_folder_that_vanishes_does_not_end_the_worker(run, tmp_path):
    def train(model, config, *, steer, start=None):
        yield chunk_done()
        run.folder.rename(tmp_path / "gone")
        yield epoch_done(1)

    worker.work(run, "", train, save_nothing, APP_IS_THERE)
    worker.work(run, "", train, save_nothing, APP_IS_THERE)
    assert not run.folder.exists()


def test_stop_keeps_what_was_learned_in_finished_epochs(run):
    def train(model, config, *, steer, start=None):
        yield epoch_done(1)
        run.steer(state=STOPPED)
        yield chunk_done(2)
        raise AssertionError("it went on after the chunk in which it was stopped")

    assert work(run, train).state == STOPPED
    assert run.card().test_accuracy is not None
    assert len(Metrics(run.metrics).refresh().chunks) == 1


def test_a_run_stopped_in_its_first_epoch_has_no_reader(run, tmp_path):
    run.steer(state=STOPPED)
    status = work(run, scripted(epoch_done(1)))
    assert status.state == STOPPED
    assert "first epoch" in status.message
    assert offered_readers(rows(tmp_path))[1] == []


def test_a_paused_run_shows_its_curve_and_waits_until_it_is_resumed(run):
    def train(model, config, *, steer, start=None):
        run.steer(state=PAUSED)
        yield chunk_done(1)
        yield epoch_done(1)

    thread = threading.Thread(target=work, args=[run, train])
    thread.start()
    wait_for(lambda: run.status().state == PAUSED, "the run is paused")
    metrics = Metrics(run.metrics).refresh()
    assert (len(metrics.chunks), len(metrics.epochs)) == (1, 0)
    run.steer(state=RUNNING)
    thread.join()
    assert run.status().state == FINISHED


def test_a_run_pauses_by_itself_after_the_epoch_it_was_told(run):
    run.steer(pause_after=2)
    events = [event for epoch in (1, 2, 3) for event in (chunk_done(epoch), epoch_done(epoch))]
    thread = threading.Thread(target=work, args=[run, scripted(*events)])
    thread.start()
    wait_for(lambda: run.status().state == PAUSED, "the run is paused")
    assert [len(kind) for kind in (Metrics(run.metrics).refresh().chunks, _epochs(run))] == [2, 2]
    run.steer(pause_after=None)
    thread.join()
    assert run.status().state == FINISHED
    assert len(_epochs(run)) == 3


def _epochs(run):
    return Metrics(run.metrics).refresh().epochs


def test_a_paused_run_that_was_left_alone_ends(run, monkeypatch):
    monkeypatch.setattr(worker, "PAUSED_ALONE_SECONDS", 0.1)
    app_gone = threading.Event()
    app_gone.set()
    run.steer(state=PAUSED)
    assert work(run, scripted(epoch_done(1)), app_gone=app_gone).state == STOPPED


def test_a_change_of_course_reaches_the_training_and_is_marked_on_the_curve(run):
    asked = []

    def train(model, config, *, steer, start=None):
        for epoch in (1, 2):
            asked.append(steer())
            if epoch == 1:
                run.steer(learning_rate=0.5, epochs=2)
            yield epoch_done(epoch)

    work(run, train)
    assert asked == [Steering(), Steering(0.5, 2)]
    (change,) = Metrics(run.metrics).refresh().changes
    assert (change.epoch, change.learning_rate, change.epochs) == (2, 0.5, 2)


def test_a_run_shows_signs_of_life_while_a_chunk_takes_long(run):
    def train(model, config, *, steer, start=None):
        first = run.status().heartbeat
        wait_for(lambda: run.status().heartbeat > first, "a heartbeat during the chunk")
        yield epoch_done(1)

    assert work(run, train).state == FINISHED


def test_what_the_training_prints_is_in_its_log(run, capfd):
    def train(model, config, *, steer, start=None):
        os.write(1, b"from C++\n")
        yield epoch_done(1)

    work(run, train)
    os.write(1, b"afterwards\n")
    assert run.log.read_text() == "from C++\n"
    assert capfd.readouterr().out == "afterwards\n"
