"""What journeys do on the Train page of a real app that trains."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_rnn.runs import Run
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import STOPPED
from tests.run_folders import list_runs
from tests.waiting import wait_for


@pytest.fixture(autouse=True)
def no_run_is_left_over(app_runs: Path) -> Iterator[None]:
    """A journey that fails must not hold up the next one."""
    yield
    for run in list_runs(app_runs):
        run.steer(state=STOPPED)


def open_train_page(page: Page, app_url: str) -> None:
    page.goto(app_url)
    page.get_by_role("link", name="Train").click()
    expect(button(page, "Start")).to_be_visible()


def button(page: Page, name: str) -> Locator:
    """A button of the page itself; Streamlit's own header has a Stop button at times."""
    main = page.get_by_test_id("stMainBlockContainer")
    return main.get_by_role("button", name=name, exact=True)


def choose(page: Page, label: str, value: int) -> None:
    """Type a value into a field, and again if the page was drawn anew just then."""
    field = page.get_by_label(label, exact=True).last
    for _ in range(5):
        # Not while the page is drawn: the old field and the new one may stand there together.
        page.wait_for_selector('[data-test-script-state="notRunning"]')
        if not field.is_visible():
            page.get_by_text("More settings").click()
        field.fill(str(value))
        field.press("Enter")
        page.wait_for_timeout(300)
        page.wait_for_selector('[data-test-script-state="notRunning"]')
        if field.input_value() == str(value):
            return
    expect(field).to_have_value(str(value))


def start(page: Page, app_runs: Path) -> Run:
    """Press Start and return the run that this makes."""
    before = set(list_runs(app_runs))
    button(page, "Start").click()
    wait_for(lambda: set(list_runs(app_runs)) - before, "a run is created")
    (run,) = set(list_runs(app_runs)) - before
    return run


def start_a_long_run(page: Page, app_url: str, app_runs: Path) -> Run:
    """A run that is sure to be under way for as long as the journey needs, past its first epoch."""
    page.goto(f"{app_url}/train?epochs=1000&train_images=5000")
    return start_and_wait(page, app_runs)


def start_and_wait(page: Page, app_runs: Path) -> Run:
    """Start what the page has set, and wait until its first epoch is done."""
    run = start(page, app_runs)
    wait_for(lambda: Metrics(run.metrics).refresh().epochs, "the first epoch is done")
    expect(page.get_by_text("images a second")).to_be_visible()
    return run


def stop(page: Page, run: Run) -> None:
    button(page, "Stop").click()
    wait_for(lambda: run.status().ended, "the run ends")
