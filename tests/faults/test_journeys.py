"""What a class sees of the worst days: processes killed, cables pulled, folders gone.

The app of these journeys is a copy of the project that it may not write to.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mnist_rnn.runs import Run
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import FAILED, RUNNING, STOPPED
from tests.app_server import AppServer, serving
from tests.faults.cable import Cable
from tests.installation import OBEDIENT, make_removable, read_only_copy
from tests.journeys.training import (
    button,
    choose,
    no_run_is_left_over,
    start_a_long_run,
    start_and_wait,
    stop,
)
from tests.stage.journey import (
    SEVEN,
    expect_answers,
    expect_known,
    expect_picture,
    expect_row,
    networks,
    open_stage,
    picture,
    stroke,
)
from tests.waiting import wait_for

__all__ = ["no_run_is_left_over"]
pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)


@pytest.fixture(scope="module")
def app(app_runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    installation = read_only_copy(tmp_path_factory.mktemp("school") / "app")
    try:
        with serving(app_runs, project=installation, prefix=OBEDIENT) as server:
            yield server
    finally:
        make_removable(installation)


@pytest.fixture(scope="module")
def app_url(app: AppServer) -> str:
    return app.url


@pytest.fixture
def cable(app: AppServer) -> Iterator[Cable]:
    between = Cable(app.port)
    yield between
    between.close()


def epochs_of(run: Run) -> list[int]:
    return [done.epoch for done in Metrics(run.metrics).refresh().epochs]


def wait_for_another_epoch(run: Run) -> None:
    seen = len(epochs_of(run))
    wait_for(lambda: len(epochs_of(run)) > seen, "another epoch is done")


def expect_epoch_after(page: Page, epoch: int) -> None:
    """The page, which nobody reloads, shows that a later epoch is under way."""
    page.wait_for_function(
        "least => parseInt(document.querySelector('.stProgress')?.innerText.split(' ')[1]) > least",
        arg=epoch,
    )


def expect_no_trace(page: Page) -> None:
    expect(page.locator(".stException")).to_have_count(0)


def test_the_installation_of_these_journeys_cannot_be_written(app):
    for place in ("runs", "mnist_rnn/new.py", "weights/new", ".streamlit/new"):
        touch = [*OBEDIENT, "touch", str(app.project / place)]
        assert subprocess.run(touch, check=False, capture_output=True).returncode != 0


def test_an_app_that_is_killed_leaves_the_training_and_finds_it_again(browser_page, app, app_runs):
    page = browser_page
    run = start_a_long_run(page, app.url, app_runs)
    worker = run.status().pid
    app.kill()
    wait_for_another_epoch(run)
    before = epochs_of(run)[-1]
    app.start()
    expect_epoch_after(page, before)
    assert (run.status().state, run.status().pid) == (RUNNING, worker)
    stop(page, run)
    expect(page.get_by_text("Test accuracy")).to_be_visible()
    assert epochs_of(run) == list(range(1, len(epochs_of(run)) + 1))
    expect_no_trace(page)


def test_after_a_power_cut_a_run_goes_on_from_its_last_epoch(browser_page, app, app_runs):
    page = browser_page
    run = start_a_long_run(page, app.url, app_runs)
    app.kill()
    os.kill(run.status().pid, signal.SIGKILL)
    done = epochs_of(run)
    app.start()
    page.reload()
    expect(page.get_by_text("The training was interrupted: its process is gone.")).to_be_visible()
    assert run.status().state == FAILED
    expect(button(page, "See it read")).to_be_visible()
    button(page, f"Go on after epoch {done[-1]}").click()
    wait_for_another_epoch(run)
    expect(page.get_by_text("images a second")).to_be_visible()
    assert epochs_of(run)[: len(done)] == done
    stop(page, run)
    expect(page.get_by_text("Test accuracy")).to_be_visible()
    assert epochs_of(run) == list(range(1, len(epochs_of(run)) + 1))
    expect_no_trace(page)


def test_a_browser_that_was_offline_shows_the_run_further_on(browser_page, cable, app_runs):
    page = browser_page
    open_stage(page, cable.url)
    stroke(page, SEVEN)
    expect_answers(page, "7", "7")
    expect_known(page)
    drawn = picture(page)
    page.get_by_role("link", name="Train").click()
    for label, number in (("Epochs", 1000), ("Training images", 5000)):
        choose(page, label, number)
    run = start_and_wait(page, app_runs)
    cable.cut()
    wait_for_another_epoch(run)
    before = epochs_of(run)[-1]
    cable.mend()
    expect_epoch_after(page, before)
    stop(page, run)
    page.get_by_role("link", name="Draw").click()
    expect(networks(page)).to_have_count(2)
    expect_row(page, 28)
    expect_picture(page, drawn)
    expect_no_trace(page)


@pytest.mark.parametrize("order", ["pause, stop", "stop, pause"])
def test_of_stop_and_pause_pressed_at_once_stop_wins(browser_page, app, app_runs, order):
    page = browser_page
    run = start_a_long_run(page, app.url, app_runs)
    second = page.context.new_page()
    second.goto(page.url)
    tabs = {"pause": (page, button(page, "Pause")), "stop": (second, button(second, "Stop"))}
    handles = [tabs[name][1].element_handle() for name in order.split(", ")]
    for handle in handles:
        handle.evaluate("button => button.click()")
    wait_for(lambda: run.status().ended, "the run ends")
    assert run.status().state == STOPPED
    for tab, _ in tabs.values():
        expect(tab.get_by_text("Test accuracy")).to_be_visible()
        expect_no_trace(tab)


def test_a_run_damaged_and_then_deleted_under_its_page_is_told(browser_page, app, app_runs):
    page = browser_page
    run = start_a_long_run(page, app.url, app_runs)
    (run.folder / "config.json").write_text("{")
    expect(page.get_by_text(f"The configuration of run {run.id} is missing")).to_be_visible()
    expect_no_trace(page)
    shutil.rmtree(run.folder)
    page.reload()
    expect(page.get_by_text("There is no such run; it may have been deleted.")).to_be_visible()
    following = start_a_long_run(page, app.url, app_runs)
    shutil.rmtree(following.folder)
    expect(page.get_by_text("There is no such run; it may have been deleted.")).to_be_visible()
    expect(button(page, "Start")).to_be_visible()
    expect_no_trace(page)
    assert not run.folder.exists()
