"""The experiment of 2016: its verdict, its pair of runs, its charts and its part of the page."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn import runs
from mnist_rnn.analysis.two_heads import (
    agreed,
    both_heads,
    find_pair,
    gain,
    of_other_seeds,
    verdict,
)
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.train.axes import Axis
from mnist_rnn.figures.train.curves import accuracy_figure, both_rows_figure
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.runs.ledger import row_of, rows
from mnist_rnn.runs.metrics import Metrics, to_line
from mnist_rnn.runs.status import FAILED, FINISHED, RUNNING
from tests.pages.test_train import SilentSupervisor, button, said
from ui.page import HAS_MENU

PAGE = str(Path(__file__).parents[2] / "pages" / "train.py")
MODEL, TRAIN = ModelConfig(units=2), TrainConfig(epochs=4, train_images=1000)
ONCE = (0.1,) * 27 + (0.97,)
ALWAYS = (*np.linspace(0.1, 0.9, 27).tolist(), 0.95)


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    monkeypatch.setattr("ui.stored.Supervisor", SilentSupervisor)
    page = AppTest.from_file(PAGE, default_timeout=60)
    page.session_state[HAS_MENU] = True
    return page


def trained_pair(state=FINISHED, seed=0, once=ONCE, always=ALWAYS, climb=0.0):
    """Both heads, with three epochs each, each better by `climb`, and a tested reader."""
    made = []
    train = replace(TRAIN, seed=seed)
    for (model, _), fractions in zip(both_heads(MODEL, train), (once, always), strict=True):
        run = runs.create(model, train)
        chunk = to_line(ChunkDone(1, 1000, 1000, 1.0, 1.0, 0.5))
        epochs = [
            EpochDone(
                e, e, 0.001, 1.0, 0.5, 1.0, (*fractions[:-1], fractions[-1] - (3 - e) * climb), {}
            )
            for e in (1, 2, 3)
        ]
        run.metrics.write_bytes(chunk + b"".join(map(to_line, epochs)))
        zeros = {name: np.zeros(shape, np.float32) for name, shape in weights.shapes(model).items()}
        weights.save(run.best, zeros, Card(model, train, 3, fractions, (0.5,) * 10))
        run.set_status(state)
        made.append(run)
    return made


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


def test_each_head_has_its_line_in_its_colour(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    known = {
        run.config().model.head: Metrics(run.metrics).refresh().curves() for run in trained_pair()
    }
    lines = [
        line
        for line in accuracy_figure(known, Axis("epoch", 4), "light").data
        if line.showlegend is None
    ]
    assert [(line.name, *line.y) for line in lines] == [
        ("many-to-one ★ 97.0%", 0.97, 0.97, 0.97),
        ("many-to-many ★ 95.0%", 0.95, 0.95, 0.95),
    ]
    heads = PALETTES["light"].heads
    assert [line.line.color for line in lines] == [heads["many_to_one"], heads["many_to_many"]]
    by_row = both_rows_figure({"many_to_one": ONCE, "many_to_many": ALWAYS}, "dark").data
    assert [line.line.color for line in by_row] == list(PALETTES["dark"].heads.values())[:2]
    np.testing.assert_allclose(by_row[1].y, ALWAYS)


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


def test_one_click_queues_both_heads_with_the_same_settings(page):
    page.run()
    page.number_input(key="seed").set_value(7)
    button(page, "Compare both").click().run()
    assert not page.exception
    configs = [run.config() for run in runs.list_runs()]
    assert [model.head for model, _ in configs] == ["many_to_one", "many_to_many"]
    assert len({train for _, train in configs}) == 1
    assert configs[0].train.seed == 7
    assert "waiting for its turn" in " ".join(bar.proto.text for bar in page.get("progress"))
    assert page.query_params["both"] == "1"


def test_a_finished_pair_is_judged_in_numbers_also_after_a_reload(page):
    once, _ = trained_pair()
    page.query_params["run"] = once.id
    page.query_params["both"] = "1"
    page.run()
    assert not page.exception
    assert "**With this seed:** digits do better" in said(page)
    assert "97.0% of the test digits" in " ".join(said(page).split())
    assert "many-to-one ahead by, points" in said(page)
    assert "**+2.0**" in said(page) and "**−40.0**" in said(page)
    assert len(page.get("plotly_chart")) == 2


def test_one_run_of_a_pair_can_be_looked_at_alone(page):
    trained_pair()
    page.run()
    assert page.segmented_control(key="train-view").value == "Curves"
    page.segmented_control(key="train-view").set_value("Both heads").run()
    assert "With this seed" in said(page)
    assert page.query_params["both"] == "1"
    page.segmented_control(key="train-view").set_value("Curves").run()
    assert "With this seed" not in said(page)
    assert "both" not in page.query_params


def test_a_pair_under_way_shows_numbers_but_no_verdict(page):
    trained_pair(RUNNING)
    page.query_params["both"] = "1"
    page.run()
    assert not page.exception
    assert "validation images" in said(page)
    assert "With this seed" not in said(page)


def test_only_the_curves_of_the_pair_on_the_page_are_kept(page):
    once, always = trained_pair(seed=1)
    trained_pair(seed=2)
    page.query_params["both"] = "1"
    page.run()
    page.selectbox(key="run").set_value(once.id).run()
    assert not page.exception
    assert set(page.session_state.pair_metrics) == {once.id, always.id}


def test_there_is_no_verdict_while_a_curve_still_climbs(page):
    trained_pair(climb=0.02)
    page.query_params["both"] = "1"
    page.run()
    assert not page.exception
    assert "Too early to say" in said(page)
    assert "still gains 2.0 points an epoch" in said(page)
    assert "With this seed" not in said(page)


def test_seeds_that_agree_are_counted_and_seeds_that_disagree_are_told(page):
    trained_pair(seed=1)
    trained_pair()
    page.query_params["both"] = "1"
    page.run()
    assert "Confirmed with 2 of 2 seeds" in said(page)
    trained_pair(seed=2, once=ALWAYS, always=ONCE)
    page.run()
    assert not page.exception
    assert "the seeds disagree" in said(page)
    assert "Of 3, many-to-one is ahead with 2, many-to-many with 1" in " ".join(said(page).split())


def test_once_more_takes_a_seed_that_was_not_tried(page):
    trained_pair(seed=0)
    trained_pair(seed=1)
    page.query_params["both"] = "1"
    page.run()
    button(page, "Once more with another seed").click().run()
    assert not page.exception
    assert [run.config().train.seed for run in runs.list_runs()] == [0, 0, 1, 1, 2, 2]
    assert page.segmented_control(key="train-view").value == "Both heads"
    assert "Too early to say" in said(page)


def test_both_readers_are_one_click_away_and_the_draw_page_keeps_its_own_view(page):
    made = trained_pair()
    page.query_params["both"] = "1"
    page.run()
    assert "view" not in page.session_state
    button(page, "See both read").click().run()
    assert page.session_state["readers"] == [run.id for run in made]


def test_compare_both_starts_with_the_head_that_the_page_shows(page):
    page.run()
    page.pills(key="head").set_value("many_to_many")
    button(page, "Compare both").click().run()
    heads = [run.config().model.head for run in runs.list_runs()]
    assert heads == ["many_to_many", "many_to_one"]


def test_a_pair_of_which_one_failed_gets_no_verdict(page):
    _, always = trained_pair()
    always.best.unlink()
    always.set_status(FAILED, "The training process was killed.")
    page.query_params["both"] = "1"
    page.run()
    assert not page.exception
    assert "No verdict" in said(page)
    assert "was killed" in said(page)


def test_a_link_sets_the_widgets_and_leaves_the_address(page):
    page.query_params["units"] = "3"
    page.query_params["recurrent_init"] = "forgetful"
    page.run()
    assert not page.exception
    assert page.number_input(key="units").value == 3
    assert page.selectbox(key="recurrent_init").value == "forgetful"
    assert "units" not in page.query_params
    page.number_input(key="units").set_value(4).run()
    assert page.number_input(key="units").value == 4


def test_a_link_with_a_bad_value_is_told_and_changes_nothing(page):
    page.query_params["units"] = "0"
    page.query_params["seed"] = "3"
    page.run()
    assert not page.exception
    assert "units must be a whole number" in page.error[0].value
    assert page.number_input(key="seed").value == 0


def test_the_link_of_the_present_settings_can_be_copied(page):
    page.run()
    page.number_input(key="units").set_value(3).run()
    assert page.code[0].value.endswith("?units=3")


def test_the_link_of_what_is_shown_can_be_copied_to_another_browser(page):
    once, _ = trained_pair()
    page.query_params["run"] = once.id
    page.query_params["both"] = "1"
    page.run()
    assert [code.value.partition("?")[2] for code in page.code] == [
        "units=2&epochs=4&train_images=1000",
        f"run={once.id}&both=1",
    ]
