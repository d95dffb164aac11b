"""The supervisor and real worker processes: a queue that survives whatever happens to them."""

import os
import signal
import subprocess
import sys

import pytest

from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import parameter_count
from mnist_rnn.runs.ledger import rows
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.readers import offered_readers
from mnist_rnn.runs.status import FAILED, FINISHED, QUEUED, RUNNING, STOPPED
from mnist_rnn.runs.supervisor import Supervisor
from tests.runs.supervisor.supervised import ENDLESS, QUICK, SMALL, ended, start
from tests.waiting import wait_for

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A folder of runs with a supervisor, whose worker stays warm from test to test."""
    root = tmp_path_factory.mktemp("runs")
    service = Supervisor(root)
    yield root, service
    service.close()


def epochs_of(run):
    return Metrics(run.metrics).refresh().epochs


def wait_for_epoch(run):
    wait_for(lambda: epochs_of(run), "the first epoch is done")


@pytest.fixture(scope="module")
def finished(served):
    run = start(served)
    assert ended(run).state == FINISHED
    return run


def test_same_seed_gives_the_same_curve(served, finished):
    again = start(served)
    assert ended(again).state == FINISHED

    def curve(run):
        return [(e.loss, e.validation_accuracy_by_timestep) for e in epochs_of(run)]

    assert curve(again) == curve(finished)
    assert len(curve(again)) == QUICK.epochs


def test_the_reader_of_a_finished_run_is_listed(served, finished):
    _, offered = offered_readers(rows(served[0])[::-1], [finished.id])
    entry = next(entry for entry in offered if entry.key == finished.id)
    assert Reader.load(entry.path).card.test_accuracy is not None


def test_the_keras_model_of_a_run_is_a_real_one(finished):
    count = "import keras, sys; print(keras.models.load_model(sys.argv[1]).count_params())"
    done = subprocess.run(
        [sys.executable, "-c", count, str(finished.keras_model)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout.split()[-1]) == parameter_count(SMALL)


def test_stop_ends_a_run_and_the_queue_moves_on(served):
    stopped, called_off, following = (start(served, train) for train in (ENDLESS, ENDLESS, QUICK))
    wait_for_epoch(stopped)
    called_off.steer(state=STOPPED)
    assert ended(called_off).state == STOPPED
    assert not called_off.best.exists()
    assert following.status().state == QUEUED
    stopped.steer(state=STOPPED)
    assert ended(stopped).state == STOPPED
    assert stopped.card().test_accuracy is not None
    assert ended(following).state == FINISHED


def test_killed_worker_leaves_the_run_readable(served):
    killed, following = start(served, ENDLESS), start(served)
    wait_for_epoch(killed)
    os.kill(killed.status().pid, signal.SIGKILL)
    status = ended(killed)
    assert status.state == FAILED
    assert "SIGKILL" in status.message
    assert "memory" in status.message
    assert Reader.load(killed.best).card.epochs_done >= 1
    assert epochs_of(killed)
    assert ended(following).state == FINISHED


def test_a_restarted_app_finds_the_run_and_its_old_worker_ends(tmp_path):
    before = Supervisor(tmp_path)
    adopted = start((tmp_path, before), ENDLESS)
    wait_for_epoch(adopted)
    old_worker = adopted.status().pid
    before.close()
    after = Supervisor(tmp_path)
    waiting = start((tmp_path, after))
    seen = len(epochs_of(adopted))
    wait_for(lambda: len(epochs_of(adopted)) > seen, "the run goes on")
    assert (adopted.status().state, waiting.status().state) == (RUNNING, QUEUED)
    adopted.steer(state=STOPPED)
    assert ended(adopted).state == STOPPED
    assert ended(waiting).state == FINISHED
    assert waiting.status().pid != old_worker
    assert [worker.wait() for worker in before.workers.members] == [0]
    after.close()
    assert [worker.wait() for worker in after.workers.members] == [0]
