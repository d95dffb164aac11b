"""Training on a cluster of Ray: the same numbers, the same steering, and a word on what is lost."""

import json
import socket
import sys

import keras
import numpy as np
import pytest

from mnist_rnn import runs
from mnist_rnn.errors import UserError
from mnist_rnn.network import weights
from mnist_rnn.progress import ChunkDone
from mnist_rnn.runs import Run
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import FAILED, FINISHED, PAUSED, RUNNING, STOPPED
from mnist_rnn.runs.supervisor import Supervisor
from mnist_rnn.training import loop
from mnist_rnn.training.cluster import Cluster
from tests.runs.supervisor.supervised import ENDLESS, QUICK, SMALL, ended, start
from tests.training.ray_cluster import local_cluster
from tests.waiting import wait_for

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def cluster():
    with local_cluster() as started:
        yield started


@pytest.fixture(scope="module")
def computer(cluster):
    return cluster.add_computer()


@pytest.fixture(scope="module")
def served(cluster, computer, tmp_path_factory):
    """A folder of runs with a supervisor, whose worker keeps its trainer from test to test."""
    root = tmp_path_factory.mktemp("runs")
    service = Supervisor(root)
    yield root, service
    service.close()
    for worker in service.workers.members:
        worker.wait()


def metrics(run):
    return Metrics(run.metrics).refresh()


def wait_for_epochs(run, count):
    wait_for(lambda: len(metrics(run).epochs) >= count, f"epoch {count} is done")


def test_same_seed_gives_the_same_numbers_as_on_this_computer(served):
    run = start(served)
    assert ended(run).state == FINISHED, run.status().message
    there = metrics(run)
    here = list(loop.train(SMALL, QUICK))
    chunks = [event for event in here if isinstance(event, ChunkDone)]
    epochs = [event for event in here if not isinstance(event, ChunkDone)]
    assert [(c.epoch, c.images, c.loss, c.accuracy) for c in there.chunks] == [
        (c.epoch, c.images, c.loss, c.accuracy) for c in chunks
    ]
    assert [
        (e.loss, e.validation_loss, e.validation_accuracy_by_timestep) for e in there.epochs
    ] == [(e.loss, e.validation_loss, e.validation_accuracy_by_timestep) for e in epochs]
    for done in epochs:
        kept, _ = weights.load(run.snapshot(done.epoch))
        for name, tensor in done.tensors.items():
            assert np.array_equal(kept[name], tensor), name


def test_a_run_is_followed_paused_steered_and_stopped(served):
    run = start(served, ENDLESS)
    wait_for_epochs(run, 1)
    assert run.status().state == RUNNING

    run.steer(state=PAUSED)
    wait_for(lambda: run.status().state == PAUSED, "the run is paused")
    paused = metrics(run)
    beat = run.status().heartbeat
    wait_for(lambda: run.status().heartbeat > beat, "a sign of life")
    assert metrics(run) == paused

    run.steer(state=RUNNING, learning_rate=0.0005)
    wait_for_epochs(run, len(paused.epochs) + 2)
    assert paused.epochs[-1].learning_rate == pytest.approx(ENDLESS.learning_rate)
    assert metrics(run).epochs[-1].learning_rate == pytest.approx(0.0005)

    run.steer(state=STOPPED)
    assert ended(run).state == STOPPED
    done = metrics(run).epochs
    assert run.card().epochs_done == max(done, key=lambda epoch: epoch.validation_accuracy).epoch
    assert run.card().test_accuracy is not None
    assert keras.saving.load_model(run.keras_model).output_shape == (None, 10)


def test_what_is_wrong_with_a_training_is_said_there_in_the_same_words(served, tmp_path):
    root, service = served
    run = runs.create(SMALL, QUICK, tmp_path)
    # No run like this is ever created: the training itself refuses it.
    config = json.loads((run.folder / "config.json").read_text())
    config["model"]["head"], config["train"]["non_digits"] = "one_to_many", 0.5
    (run.folder / "config.json").write_text(json.dumps(config))
    refused = Run(run.folder.rename(root / run.id))
    service.look()
    status = ended(refused)
    with pytest.raises(UserError) as refusal:
        next(loop.train(*refused.config()))
    assert status.state == FAILED
    assert status.message == f"{refusal.value} {refused.what_is_left()}"


def test_a_lost_computer_fails_the_run_and_another_takes_the_next(cluster, computer, served):
    run = start(served, ENDLESS)
    wait_for_epochs(run, 2)
    cluster.lose(computer)
    status = ended(run)
    assert status.state == FAILED
    best = run.card().epochs_done
    assert status.message == (
        "The computer that trained it was lost. "
        f"Its best network so far, of epoch {best}, was kept."
    )
    for epoch in metrics(run).epochs:
        assert weights.load(run.snapshot(epoch.epoch))[1].epochs_done == epoch.epoch

    cluster.add_computer()
    assert ended(start(served)).state == FINISHED


def test_a_cluster_without_ray_is_told_with_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UserError, match="requirements-cluster"):
        list(Cluster("127.0.0.1:6379").train(SMALL, QUICK))


def test_an_address_where_nobody_listens_is_told_with_what_to_check():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # but does not listen
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UserError, match=rf"{address} can't be used .* is RAY_ADDRESS right\?"):
            list(Cluster(address).train(SMALL, QUICK))
