"""The experiment of 2016 on the Train page: its charts, and what is said of them."""

import numpy as np

from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.train.axes import Axis
from mnist_rnn.figures.train.curves import accuracy_figure, both_rows_figure
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import FAILED, RUNNING
from tests.analysis.trained_pair import ALWAYS, ONCE, trained_pair
from tests.pages.in_process import button
from tests.pages.train_page import run_menu, said, view_menu
from tests.run_folders import list_runs


def test_each_head_has_its_line_in_its_colour() -> None:
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


def test_one_click_queues_both_heads_with_the_same_settings(page):
    page.run()
    page.number_input(key="seed").set_value(7)
    button(page, "Compare both").click().run()
    assert not page.exception
    configs = [run.config() for run in list_runs()]
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
    assert view_menu(page).value == "Curves"
    view_menu(page).set_value("Both heads").run()
    assert "With this seed" in said(page)
    assert page.query_params["both"] == "1"
    view_menu(page).set_value("Curves").run()
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
    run_menu(page).set_value(once.id).run()
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
    assert [run.config().train.seed for run in list_runs()] == [0, 0, 1, 1, 2, 2]
    assert view_menu(page).value == "Both heads"
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
    heads = [run.config().model.head for run in list_runs()]
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


def test_the_link_of_what_is_shown_can_be_copied_to_another_browser(page):
    once, _ = trained_pair()
    page.query_params["run"] = once.id
    page.query_params["both"] = "1"
    page.run()
    assert [code.value.partition("?")[2] for code in page.code] == [
        "units=2&epochs=4&train_images=1000",
        f"run={once.id}&both=1",
    ]
