"""Journeys through the Train page in a real browser, with real training."""

import os
import signal

import pytest
from playwright.sync_api import Browser, Locator, expect

from mnist_rnn.runs.status import FAILED, FINISHED, RUNNING, STOPPED
from tests.journeys.training import (
    button,
    choose,
    no_run_is_left_over,
    open_train_page,
    start,
    start_a_long_run,
    stop,
)
from tests.run_folders import finished_run, list_runs
from tests.waiting import wait_for

__all__ = ["no_run_is_left_over"]
pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)
POINTS = """name => {
    const plot = document.querySelector(`.st-key-curve-${name} .js-plotly-plot`);
    const [raw, , validation] = plot?.calcdata ?? [[], [], []];
    return [raw, validation].map(curve => curve.filter(point => point.x !== undefined).length);
}"""


def test_train_an_epoch_watch_the_curve_and_see_the_reader_read(browser_page, app_url, app_runs):
    page = browser_page
    open_train_page(page, app_url)
    expect(page.get_by_text("one network is asked once, after the last row")).to_be_visible()
    choose(page, "Epochs", 1)
    choose(page, "Training images", 5000)
    run = start(page, app_runs)
    expect(page.get_by_text("Test accuracy")).to_be_visible()
    assert run.status().state == FINISHED
    training, validation = page.evaluate(POINTS, "accuracy")
    assert training >= 1
    assert validation == 1
    with page.expect_download() as download:
        button(page, ".safetensors").click()
    assert download.value.path().read_bytes() == run.best.read_bytes()
    button(page, "See it read").click()
    expect(page.locator(".stMultiSelect")).to_contain_text("many-to-one")
    expect(page.locator(".stage canvas").first).to_be_visible()
    expect(page.locator(".stException")).to_have_count(0)


def test_the_curve_grows_while_it_trains_and_stop_ends_it(browser_page, app_url, app_runs):
    page = browser_page
    run = start_a_long_run(page, app_url, app_runs)
    _, seen = page.evaluate(POINTS, "loss")
    page.wait_for_function(f"name => ({POINTS})(name)[1] > {seen}", arg="loss")
    stop(page, run)
    expect(page.get_by_text("Test accuracy")).to_be_visible()
    expect(button(page, "Stop")).to_have_count(0)
    assert run.status().state == STOPPED


def test_leaving_reloading_and_a_second_tab_do_not_lose_a_run(browser_page, app_url, app_runs):
    page = browser_page
    run = start_a_long_run(page, app_url, app_runs)
    page.get_by_role("link", name="Draw").click()
    expect(page.locator(".stMultiSelect")).to_be_visible()
    page.get_by_role("link", name="Train").click()
    expect(button(page, "Stop")).to_be_visible()
    page.wait_for_url(f"**/train?run={run.id}")
    page.reload()
    expect(button(page, "Stop")).to_be_visible()
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("1000")
    second = page.context.new_page()
    second.goto(page.url)
    button(second, "Pause").click()
    expect(page.get_by_text("paused")).to_be_visible()
    button(page, "Resume").click()
    wait_for(lambda: run.status().state == RUNNING, "the run goes on")
    stop(second, run)
    expect(page.get_by_text("Test accuracy")).to_be_visible()


def test_a_worker_killed_in_mid_run_is_told_and_the_next_run_trains(
    browser_page, app_url, app_runs
):
    page = browser_page
    run = start_a_long_run(page, app_url, app_runs)
    os.kill(run.status().pid, signal.SIGKILL)
    expect(page.get_by_text("killed (SIGKILL)")).to_be_visible()
    expect(button(page, "See it read")).to_be_visible()
    assert run.status().state == FAILED
    choose(page, "Epochs", 1)
    following = start(page, app_runs)
    expect(page.get_by_text("Test accuracy")).to_be_visible()
    assert following.status().state == FINISHED


def test_compare_both_leads_to_both_networks_on_the_draw_page(browser_page, app_url, app_runs):
    page = browser_page
    open_train_page(page, app_url)
    choose(page, "Epochs", 3)
    choose(page, "Training images", 5000)
    before = set(list_runs(app_runs))
    button(page, "Compare both").click()
    wait_for(lambda: len(set(list_runs(app_runs)) - before) == 2, "both runs are created")
    made = set(list_runs(app_runs)) - before
    expect(page.locator(".st-key-claim")).to_contain_text("Too early to say")
    expect(button(page, "See both read")).to_be_visible(timeout=180_000)
    assert {run.status().state for run in made} == {FINISHED}
    assert {run.config().model.head for run in made} == {"many_to_one", "many_to_many"}
    assert len({run.config().train.seed for run in made}) == 1
    expect(page.locator(".st-key-claim")).to_contain_text("points an epoch")
    for run in made:
        accuracy = f"{run.card().test_accuracy:.1%}"
        expect(page.locator(".st-key-verdict")).to_contain_text(accuracy)
    assert page.locator(".st-key-pair-epochs .js-plotly-plot").count() == 1
    page.reload()
    expect(page.locator(".st-key-verdict")).to_be_visible()
    button(page, "See both read").click()
    for head in ("many-to-one", "many-to-many"):
        expect(page.locator(".stMultiSelect")).to_contain_text(head)
    expect(page.locator(".stage canvas").first).to_be_visible()
    expect(page.locator(".stage-heading")).to_have_count(2)
    expect(page.get_by_role("radio", name="Row by row")).to_be_checked()
    page.get_by_role("link", name="Train").click()
    button(page, "Once more with another seed").click()
    wait_for(lambda: len(set(list_runs(app_runs)) - before) == 4, "two more are created")
    seeds = {run.config().train.seed for run in set(list_runs(app_runs)) - before - made}
    assert seeds.isdisjoint(run.config().train.seed for run in made)
    # The page has gone on to the new pair, and every view of it can be looked at.
    expect(page.get_by_test_id("stProgress")).to_have_count(2)
    for view in ("Curves", "Both heads"):
        page.get_by_role("radio", name=view, exact=True).click()
        expect(page.get_by_role("radio", name=view, exact=True)).to_be_checked()
    expect(page.locator(".stException")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(1366, 650), (390, 844)], ids=["laptop", "phone"])
def test_start_progress_and_the_first_chart_are_in_sight_together(
    browser: Browser, app_url, app_runs, width, height
):
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()

    def in_sight(what: Locator, chart: str) -> None:
        page.mouse.move(1, 1)
        for part in (button(page, "Compare both"), button(page, "Start"), what):
            expect(part).to_be_in_viewport(ratio=1)
        expect(page.locator(f".st-key-{chart} .js-plotly-plot").first).to_be_in_viewport(ratio=1)

    page.goto(f"{app_url}/train?epochs=1000&train_images=5000")
    for press, chart in (("Start", "curve-accuracy"), ("Compare both", "pair-epochs")):
        expect(button(page, press)).to_be_visible()
        before = set(list_runs(app_runs))
        button(page, press).click()
        expect(page.get_by_test_id("stProgress").first).to_be_visible()
        in_sight(page.get_by_test_id("stProgress").first, chart)
        made = set(list_runs(app_runs)) - before
        wait_for(lambda made=made: any(run.best.exists() for run in made), "an epoch is done")
        in_sight(page.get_by_test_id("stProgress").first, chart)
        button(page, "Stop" if press == "Start" else "Stop both").click()
        wait_for(lambda made=made: all(run.status().ended for run in made), "the runs end")
        expect(page.get_by_test_id("stProgress")).to_have_count(0)
        expect(page.get_by_test_id("stMainBlockContainer")).to_contain_text(
            "Test accuracy" if press == "Start" else "No verdict"
        )
        in_sight(button(page, press), chart)
    context.close()


def test_what_is_wrong_leaves_the_first_chart_in_sight_on_a_phone(browser, app_url, app_runs):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    run = finished_run(app_runs, accuracies=(0.1, 0.1, 0.1))
    page.goto(f"{app_url}/train?run={run.id}")
    expect(page.get_by_text("It is still guessing")).to_be_visible()
    expect(page.locator(".st-key-curve-accuracy .js-plotly-plot")).to_be_in_viewport(ratio=1)
    page.close()


def test_a_digit_is_read_again_as_it_was_after_the_first_epoch(browser_page, app_url, app_runs):
    page = browser_page
    open_train_page(page, app_url)
    choose(page, "Epochs", 3)
    choose(page, "Training images", 5000)
    run = start(page, app_runs)
    # The page may still show the run before it, tested long ago.
    wait_for(lambda: run.status().ended, "the run ends")
    expect(button(page, "Stop")).to_have_count(0)
    page.get_by_role("radio", name="One digit over epochs").click()
    reading = page.locator('.st-key-curve-reading[data-stale="false"]')
    expect(reading).to_contain_text("After epoch 3")
    expect(page.locator(".st-key-curve-one-digit .js-plotly-plot")).to_be_visible()
    page.get_by_role("slider", name="After epoch").press("Home")
    expect(reading).to_contain_text("After epoch 1")
    expect(reading).to_contain_text("row 28")
    page.get_by_role("slider", name="After row").press("Home")
    expect(reading).to_contain_text("row 1 ")
    expect(page.locator(".stException")).to_have_count(0)
