"""The experiment of 2016: its verdict, its pair of runs, and those with other seeds."""

import shutil
from dataclasses import replace

import pytest

from mnist_rnn import runs
from mnist_rnn.analysis.two_heads import (
    agreed,
    both_heads,
    find_pair,
    gain,
    of_other_seeds,
    verdict,
)
from mnist_rnn.runs.ledger import row_of, rows
from tests.analysis.trained_pair import ALWAYS, MODEL, ONCE, TRAIN


def test_points_are_by_how_much_many_to_one_is_ahead() -> None:
    found = verdict(ONCE, ALWAYS)
    assert found.timesteps == (8, 14, 20, 28)
    assert found.many_to_many[1] == pytest.approx(0.5)  # half of the way from 0.1 to 0.9
    assert found.points == pytest.approx((10 - 100 * ALWAYS[7], -40, 10 - 100 * ALWAYS[19], 2))


@pytest.mark.parametrize(
    ("once", "always", "claim"),
    [(0.97, 0.95, "confirmed"), (0.95, 0.97, "contradicted"), (0.97, 0.968, "undecided")],
)
def test_the_claim_is_judged_at_the_last_row(once, always, claim) -> None:
    assert verdict([0.1] * 27 + [once], [0.9] * 27 + [always]).claim == claim


def test_few_images_decide_nothing() -> None:
    """By hand: 2 standard errors of 0.97 and 0.95 on 100 images are 5.5 points."""
    found = verdict(ONCE, ALWAYS, images=100)
    assert found.margin == pytest.approx(5.54, abs=0.01)
    assert found.claim == "undecided"


def test_a_longer_sequence_is_looked_at_as_far_along() -> None:
    assert verdict([0.5] * 224, [0.5] * 224).timesteps == (64, 112, 160, 224)


def test_a_pair_differs_in_the_head_alone(tmp_path) -> None:
    (once, train), (always, _) = both_heads(MODEL, TRAIN)
    first, other_seed, second = (
        runs.create(*config, tmp_path)
        for config in ((once, train), (always, replace(train, seed=1)), (always, train))
    )
    listed = rows(tmp_path)
    pair = find_pair(row_of(first), listed)
    assert pair is not None
    assert (pair.many_to_one, pair.many_to_many) == (first, second)
    assert find_pair(row_of(second), listed) == pair
    assert find_pair(row_of(other_seed), listed) is None


def test_of_several_twins_the_one_created_next_to_it_is_taken(tmp_path) -> None:
    made = [runs.create(*config, tmp_path) for _ in range(2) for config in both_heads(MODEL, TRAIN)]
    pairs = [find_pair(row, rows(tmp_path)) for row in rows(tmp_path)]
    assert pairs[0] is not None
    assert pairs[0].many_to_many == made[1]
    assert pairs[3] is not None
    assert pairs[3].many_to_one == made[2]


def test_damaged_and_deleted_runs_make_no_pair(tmp_path) -> None:
    first, second = (runs.create(*config, tmp_path) for config in both_heads(MODEL, TRAIN))
    (second.folder / "config.json").write_bytes(b"{")
    assert find_pair(row_of(first), rows(tmp_path)) is None
    shutil.rmtree(first.folder)
    assert find_pair(row_of(first), rows(tmp_path)) is None


@pytest.mark.parametrize(
    ("accuracies", "points"),
    [
        ([0.5, 0.6], None),
        ([0.90, 0.92, 0.94], 2.0),
        ([0.1, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9], 0.0),
        ([0.96, 0.94, 0.96, 0.94, 0.96], 0.0),
    ],
)
def test_a_gain_is_the_slope_of_the_last_epochs(accuracies, points) -> None:
    assert gain(accuracies) == (None if points is None else pytest.approx(points, abs=1e-9))


def test_other_seeds_are_pairs_that_differ_in_the_seed_alone(tmp_path) -> None:
    def pair_of(**changes):
        return [runs.create(*c, tmp_path) for c in both_heads(MODEL, replace(TRAIN, **changes))]

    first, *_ = pair_of()
    pair_of(seed=1)
    newest = pair_of(seed=1)
    pair_of(seed=2, epochs=9)
    runs.create(*both_heads(MODEL, replace(TRAIN, seed=3))[0], tmp_path)
    listed = rows(tmp_path)
    pair = find_pair(row_of(first), listed)
    assert pair is not None
    others = of_other_seeds(pair, listed)
    assert {seed: [*pair.runs.values()] for seed, pair in others.items()} == {1: newest}


def test_seeds_agree_or_they_do_not() -> None:
    ahead, behind = verdict(ONCE, ALWAYS), verdict(ALWAYS, ONCE)
    assert agreed([ahead, ahead]) == "confirmed"
    assert agreed([ahead, behind]) is None
