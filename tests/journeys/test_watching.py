"""Those who watch a run in a real browser, when it is hidden or its folder can't be listed."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.runs import Run
from mnist_rnn.runs.access import fingerprint, new_token
from mnist_rnn.runs.status import FINISHED, RUNNING
from mnist_rnn.training.heartbeat import Heartbeat
from tests.app_server import serving
from tests.pages.train_page import add_epoch
from ui.visitor import COOKIE

pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)
GONE = "There is no such run; it may have been deleted."
TOKEN = new_token()


@pytest.fixture(scope="module")
def app_url(app_runs: Path) -> Iterator[str]:
    with serving(app_runs, at_home=False) as server:
        yield server.url


@pytest.fixture
def under_way(app_runs: Path) -> Iterator[Callable[[str], Run]]:
    """Runs of the owner of TOKEN, with a head, that go on until the test ends."""
    with ExitStack() as until_the_end:

        def begin(head: str) -> Run:
            model = ModelConfig(units=2, head=head)
            run = runs.create(model, TrainConfig(epochs=9), app_runs, fingerprint(TOKEN))
            add_epoch(run, 1)
            pulse = until_the_end.enter_context(Heartbeat(run, run.claim()))
            pulse.say(RUNNING)
            until_the_end.callback(pulse.say, FINISHED)
            return run

        yield begin


@pytest.fixture
def owner(browser: Browser, app_url: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": COOKIE, "value": TOKEN, "url": app_url}])
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def hide(owner: Page, app_url: str, run: Run) -> None:
    """What its owner does so that no other may watch."""
    owner.goto(f"{app_url}/train?run={run.id}")
    owner.locator(".st-key-run-and-view [data-testid=stPopover] button").first.click()
    owner.get_by_text("Others may watch this run").click()


def expect_gone(watcher: Page, curves: str) -> None:
    expect(watcher.get_by_text(GONE)).to_have_count(1)
    expect(watcher.locator(curves)).to_have_count(0)
    expect(watcher.locator(".stException")).to_have_count(0)


def test_a_run_hidden_under_its_watchers_page_is_gone(browser_page, owner, app_url, under_way):
    watcher, run = browser_page, under_way("many_to_one")
    watcher.goto(f"{app_url}/train?run={run.id}")
    expect(watcher.locator(".st-key-curve-accuracy .js-plotly-plot")).to_be_visible()
    hide(owner, app_url, run)
    expect_gone(watcher, ".st-key-curve-accuracy")
    expect(owner.locator(".st-key-curve-accuracy .js-plotly-plot")).to_be_visible()


def test_one_of_two_heads_hidden_under_their_watchers_page_is_gone(
    browser_page, owner, app_url, under_way
):
    watcher = browser_page
    _, run = under_way("many_to_one"), under_way("many_to_many")
    watcher.goto(f"{app_url}/train?run={run.id}&both=1")
    expect(watcher.locator(".st-key-pair-epochs .js-plotly-plot")).to_be_visible()
    hide(owner, app_url, run)
    expect_gone(watcher, ".st-key-pair-epochs")


def test_a_run_hidden_leaves_the_runs_page_with_its_name_and_files(
    browser_page, owner, app_url, under_way
):
    watcher = browser_page
    shared, hidden = under_way("many_to_one"), under_way("many_to_one")
    watcher.goto(f"{app_url}/runs")
    kept = watcher.get_by_role("combobox", name="Run")
    expect(kept).to_have_value(re.compile(hidden.id[-4:]))
    hide(owner, app_url, hidden)
    expect(kept).to_have_value(re.compile(shared.id[-4:]))
    expect(watcher.locator(".stException")).to_have_count(0)


def test_runs_that_cannot_be_listed_for_a_while_are_told_and_come_back(
    browser_page, app_url, app_runs, under_way
):
    page = browser_page
    under_way("many_to_one")
    page.goto(f"{app_url}/runs")
    table = page.locator("[data-testid=stDataFrame]")
    expect(table).to_be_visible()
    aside = app_runs.rename(app_runs.with_name("aside"))
    app_runs.touch()
    try:
        expect(page.get_by_text("can't be listed: Not a directory").first).to_be_visible()
        expect(page.locator(".stException")).to_have_count(0)
    finally:
        app_runs.unlink()
        aside.rename(app_runs)
    expect(page.get_by_text("can't be listed")).to_have_count(0)
    expect(table).to_be_visible()
