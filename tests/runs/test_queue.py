"""The queue: turns go round, what is said of the wait is true, and times are learned."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.progress import ChunkDone, EpochDone, in_words
from mnist_rnn.runs import housekeeping, queue
from mnist_rnn.runs.access import Visitor
from mnist_rnn.runs.ledger import row_of, rows
from mnist_rnn.runs.metrics import to_line
from mnist_rnn.runs.queue import Speeds
from mnist_rnn.runs.status import FINISHED, PAUSED, QUEUED, RUNNING, STOPPED, TESTING
from tests.run_folders import list_runs

MODEL, TRAIN = ModelConfig(units=2), TrainConfig(epochs=10)


def join(name, root, count=1):
    return queue.join(Visitor(name, teacher=True), [(MODEL, TRAIN)] * count, root)


def waiting(root):
    return [row for row in rows(root) if row.status.state == QUEUED]


def serve(root):
    """What the supervisor does with the queue: the name of the owner who is served, or None."""
    for run in list_runs(root):
        if run.status().state == RUNNING:
            run.set_status(FINISHED)
    if not waiting(root):
        return None
    row = queue.in_turn(waiting(root))[0]
    assert row.run.claim()
    row.run.set_status(RUNNING)
    return row.owner


def test_a_second_run_waits_until_everyone_has_had_a_first_one(tmp_path):
    join("anna", tmp_path, 3)
    assert serve(tmp_path) == "anna"
    join("ben", tmp_path, 2)
    join("carl", tmp_path)
    served = [serve(tmp_path) for _ in range(5)]
    assert served == ["ben", "carl", "anna", "ben", "anna"]


def test_who_comes_again_and_again_does_not_overtake_who_waits(tmp_path):
    join("anna", tmp_path, 2)
    assert serve(tmp_path) == "anna"
    served = []
    for _ in range(4):
        join("ben", tmp_path)
        served.append(serve(tmp_path))
    assert served[:3] == ["ben", "anna", "ben"]


def test_staying_away_saves_up_no_turns(tmp_path):
    join("anna", tmp_path, 20)
    for _ in range(10):
        serve(tmp_path)
    join("ben", tmp_path, 5)
    served = [serve(tmp_path) for _ in range(6)]
    assert served.count("ben") == 3


def test_a_run_that_left_the_line_has_cost_no_turn(tmp_path):
    join("anna", tmp_path)
    (left,) = join("ben", tmp_path)
    left.set_status(STOPPED)
    (again,) = join("ben", tmp_path)
    assert row_of(again).turn == row_of(left).turn


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["anna", "ben", "carl", "serve"]), max_size=14))
def test_while_two_wait_their_shares_stay_within_the_bound_of_fair_queueing(
    tmp_path_factory, events
):
    """Goyal, Vin and Cheng (1997), theorem 1: they differ by at most one run of either's."""
    root = tmp_path_factory.mktemp("queue")
    served = dict.fromkeys(("anna", "ben", "carl"), 0)
    since = {}  # (a, b), both waiting all the time -> how often each was served before
    for event in events:
        if event != "serve":
            join(event, root)
        elif name := serve(root):
            served[name] += 1
        now = {row.owner for row in waiting(root)}
        pairs = set(itertools.combinations(sorted(now), 2))
        since = {pair: since.get(pair, dict(served)) for pair in pairs}
        for (one, other), before in since.items():
            shares = [served[name] - before[name] for name in (one, other)]
            assert abs(shares[0] - shares[1]) <= 2


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["anna", "ben", "carl", "serve"]), min_size=1, max_size=12))
def test_the_place_that_is_told_is_when_it_is_served(tmp_path_factory, events):
    root = tmp_path_factory.mktemp("queue")
    for event in events:
        serve(root) if event == "serve" else join(event, root)
    told = {run_id: place.ahead for run_id, place in queue.places(root).items()}
    busy = any(run.status().state == RUNNING for run in list_runs(root))
    order = []
    while waiting(root):
        before = {row.id for row in waiting(root)}
        serve(root)
        order += before - {row.id for row in waiting(root)}
    assert told == {run_id: n + busy for n, run_id in enumerate(order)}


def test_a_damaged_turn_is_the_first(tmp_path):
    (run,) = join("anna", tmp_path)
    (run.folder / "config.json").write_text('{"turn": "soon"}')
    assert row_of(run).turn == 0
    assert queue.places(tmp_path)[run.id].ends_in is None


def ended_run(root, model, seconds_an_epoch):
    run = runs.create(model, TRAIN, root)
    done = EpochDone(4, 4 * seconds_an_epoch, 0.001, 1.0, 0.5, 1.0, (0.5,), {})
    run.metrics.write_bytes(to_line(done))
    run.set_status(FINISHED)


def test_times_are_learned_from_runs_alike(tmp_path):
    (run,) = join("anna", tmp_path)
    before = Speeds(rows(tmp_path)).seconds_left(row_of(run))
    ended_run(tmp_path, ModelConfig(units=2, cell="gru"), 100.0)
    assert Speeds(rows(tmp_path)).seconds_left(row_of(run)) == before
    ended_run(tmp_path, MODEL, 6.0)
    # Ten epochs of 6 s, and a few seconds for the start and the test.
    assert Speeds(rows(tmp_path)).seconds_left(row_of(run)) == pytest.approx(65, abs=1)


def test_a_network_twice_as_large_or_trained_twice_as_long_takes_about_twice_as_long(tmp_path):
    ended_run(tmp_path, ModelConfig(units=200), 10.0)
    left = {
        (units, epochs): Speeds(rows(tmp_path)).seconds_left(
            row_of(runs.create(ModelConfig(units=units), TrainConfig(epochs=epochs), tmp_path))
        )
        for units, epochs in ((200, 50), (200, 100), (283, 50))
    }
    assert left[200, 50] == pytest.approx(505, abs=1)
    assert left[200, 100] == pytest.approx(1005, abs=1)
    assert 1.7 < left[283, 50] / left[200, 50] < 2.1


def test_a_run_under_way_tells_its_own_time_and_who_waits_adds_theirs(tmp_path):
    under_way, first, second = join("anna", tmp_path, 3)
    ended_run(tmp_path, MODEL, 6.0)
    chunks = [ChunkDone(1, n * 1000, 50_000, n * 1.0, 1.0, 0.5) for n in (1, 2)]
    under_way.metrics.write_bytes(b"".join(map(to_line, chunks)))
    under_way.set_status(RUNNING)
    # 498,000 images to go at 1,000 a second.
    places = queue.places(tmp_path)
    assert places[first.id].starts_in == pytest.approx(500, abs=3)
    assert places[first.id].ends_in - places[first.id].starts_in == pytest.approx(65, abs=1)
    assert places[second.id].starts_in == places[first.id].ends_in
    assert not places[first.id].paused
    under_way.set_status(PAUSED)
    assert queue.places(tmp_path)[first.id].paused
    under_way.set_status(TESTING)
    assert queue.places(tmp_path)[first.id].starts_in < 10


def test_times_in_words():
    assert in_words(10) == "less than a minute"
    assert in_words(100) == "about 2 min"
    assert in_words(3 * 3600 + 130) == "about 3 h 2 min"


def test_clearing_leaves_what_is_pinned_and_what_is_under_way(tmp_path):
    pinned, ended, under_way, queued = join("anna", tmp_path, 4)
    pinned.mark(pinned=True)
    for run, state in ((pinned, FINISHED), (ended, STOPPED), (under_way, RUNNING)):
        run.set_status(state)
    out = [[row.run for row in part] for part in housekeeping.sorted_out(rows(tmp_path))]
    assert out == [[queued], [under_way], [ended]]
    housekeeping.stop_all(out[0])
    assert [run.control().state for run in (queued, under_way)] == [STOPPED, RUNNING]
    housekeeping.delete_all(out[2])
    assert list_runs(tmp_path) == [pinned, under_way, queued]
    with pytest.raises(UserError, match="under way"):
        housekeeping.delete_all([under_way])
    assert under_way.folder.is_dir()


def test_two_side_by_side_free_their_places_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setenv(queue.AT_ONCE, "2")
    ended_run(tmp_path, MODEL, 6.0)
    under_way, *waiting = join("anna", tmp_path, 5)
    chunks = [ChunkDone(1, n * 1000, 50_000, n * 1.0, 1.0, 0.5) for n in (1, 2)]
    under_way.metrics.write_bytes(b"".join(map(to_line, chunks)))
    under_way.set_status(RUNNING)
    # 500 s to go in one place; the other takes runs of 65 s.
    places = queue.places(tmp_path)
    starts = [places[run.id].starts_in for run in waiting]
    assert starts == pytest.approx([0, 65, 130, 195], abs=4)
    assert [places[run.id].ahead for run in waiting] == [1, 2, 3, 4]
