"""The computer's clock goes back: runs keep their order, and workers live."""

import time

import pytest

from mnist_rnn import runs
from mnist_rnn.runs import supervisor
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.queue import in_turn
from mnist_rnn.runs.status import FAILED, RUNNING
from mnist_rnn.runs.supervisor import Supervisor
from tests.pages.train_page import MODEL, TRAIN, run_menu
from tests.run_folders import list_runs
from tests.waiting import wait_for


@pytest.fixture
def clock(monkeypatch):
    """The computer's clock, which a test may set."""

    class Clock:
        now = time.time()

        def __call__(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


def test_a_clock_set_back_makes_no_run_older_than_the_one_before(page, clock):
    before = [runs.create(MODEL, TRAIN) for _ in range(2)]
    clock.now -= 24 * 3600
    after = [runs.create(MODEL, TRAIN) for _ in range(2)]
    assert list_runs() == before + after
    assert [row.run for row in in_turn(map(row_of, (*after, *before)))] == before + after
    page.run()
    assert run_menu(page).value == after[-1].id
    assert [run.id[:15] for run in after] == [before[-1].id[:15]] * 2


def test_a_run_called_by_no_date_does_not_stop_the_next_one(tmp_path):
    (tmp_path / "99999999-999999-999999-00000000").mkdir()
    (tmp_path / "99991231-235959-999999-00000000").mkdir()
    run = runs.create(MODEL, TRAIN, tmp_path)
    assert run in list_runs(tmp_path)


def test_a_worker_whose_clock_goes_back_is_alive_until_it_is_silent(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(supervisor, "SILENCE_SECONDS", 0.5)
    run = runs.create(MODEL, TRAIN, tmp_path)
    clock.now -= 3600
    monkeypatch.setattr("mnist_rnn.runs.workers.process_exists", lambda pid: True)
    run.set_status(RUNNING, pid=1)
    service = Supervisor(tmp_path)
    for _ in range(15):
        clock.now -= 60
        run.set_status(RUNNING, pid=1)
        time.sleep(0.1)
        assert run.status().state == RUNNING
    wait_for(lambda: run.status().state == FAILED, "the silence is noticed")
    assert "silent" in run.status().message
    service.close()
