"""What is folded away at first is opened: nothing may change before somebody asks for a change."""

import ast
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_rnn.files import stamp
from mnist_rnn.runs import Run
from mnist_rnn.runs.labels import change_label
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import PAUSED, RUNNING, STOPPED
from tests.app_server import PROJECT
from tests.journeys.training import button, start_a_long_run
from tests.run_folders import finished_run
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)
LATE = ("popover", "expander", "tabs", "dialog")
HANDLES = "[data-testid=stPopoverButton]:enabled, [data-testid=stExpander] summary"
SETTINGS = {
    "head": "many_to_many",
    "optimizer": "sgd",
    "schedule": "cosine",
    "clip_norm": "2.5",
    "augmentation": "affine",
    "augmented_share": "0.25",
    "timestep_weights": "graded",
    "recurrent_init": "forgetful",
}
OF_THE_WORKER = ("status.json", "metrics.jsonl", "log.txt")


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["projector", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def run(browser: Browser, app_url: str, app_runs: Path) -> Iterator[Run]:
    """One that is under way, named and marked, and a newer one that may be deleted."""
    with browser.new_context() as context:
        under_way = start_a_long_run(context.new_page(), app_url, app_runs)
    change_label(under_way.folder, name="a name", note="a note", shared=False, pinned=True)
    change_label(finished_run(app_runs).folder, name="another name", note="another note")
    yield under_way
    under_way.steer(state=STOPPED)


def labels_in_the_source() -> set[str]:
    """What stands on everything that opens late, on all pages."""
    files = [file for folder in ("pages", "ui") for file in (PROJECT / folder).rglob("*.py")]
    return {
        ast.literal_eval(node.args[0])
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LATE
    }


def open_everything(page: Page) -> list[str]:
    """Open one after the other what can be opened, and return what stands on it."""
    handles = page.locator(HANDLES).filter(visible=True)
    texts = []
    for number in range(handles.count()):
        handle = handles.nth(number)
        texts.append(handle.inner_text())
        handle.click()
        run_again(page)
        page.keyboard.press("Escape")
    return texts


def run_again(page: Page) -> None:
    """Have the page run, whereupon the browser reports the values of all widgets there are."""
    page.keyboard.press("r")
    page.wait_for_timeout(100)
    page.wait_for_selector('[data-test-script-state="notRunning"]')


def kept(folder: Path) -> dict[Path, object]:
    """Every file that pages may write, with when and what was written."""
    return {
        file: (stamp(file), file.read_bytes())
        for file in folder.glob("*/*.*")
        if file.name not in OF_THE_WORKER and not file.name.startswith(("best", "."))
    }


def ask_for(run: Run, state: str) -> None:
    run.steer(state=state)
    wait_for(lambda: run.status().state == state, f"the run is {state}")


def linked(page: Page) -> dict[str, str]:
    """The settings in the link that the page offers."""
    page.get_by_test_id("stPopoverButton").filter(has_text="Link").click()
    link = page.get_by_test_id("stCode").first.inner_text()
    page.keyboard.press("Escape")
    return dict(parse_qsl(urlsplit(link.strip()).query))


def test_what_is_opened_changes_nothing(page, app_url, app_runs, run):
    opened = []
    settings = "&".join(f"{name}={value}" for name, value in SETTINGS.items())
    train = f"train?run={run.id}&{settings}"
    for state, places in (
        (RUNNING, (train, "runs")),
        (PAUSED, (train, "runs", "?view=Which+pixels+mattered%3F", "wirings", "mistakes")),
    ):
        ask_for(run, state)
        for place in places:
            page.goto(f"{app_url}/{place}")
            expect(page.locator(".js-plotly-plot").first).to_be_visible()
            run_again(page)
            before = kept(app_runs), page.url
            opened += open_everything(page)
            assert (kept(app_runs), page.url) == before
            if place is train:
                assert linked(page).items() >= SETTINGS.items()
    for label in labels_in_the_source():
        assert any(label in text for text in opened), label


def test_who_steers_sees_it_take_effect(page, app_url, run):
    ask_for(run, RUNNING)
    rate = 0.5 * (run.control().learning_rate or run.config()[1].learning_rate)
    epochs = (run.control().epochs or run.config()[1].epochs) - 1
    page.goto(f"{app_url}/train?run={run.id}")
    button(page, "Stop").wait_for()
    page.get_by_test_id("stPopoverButton").filter(has_text="Steer").click()
    page.get_by_label("Epochs in all").fill(str(epochs))
    page.get_by_label("Learning rate from now on").fill(str(rate))
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text(f"of {epochs}", exact=False).first).to_be_visible()
    wait_for(lambda: run.control().learning_rate == rate, "the learning rate is asked for")
    assert run.control().epochs == epochs
    wait_for(
        lambda: Metrics(run.metrics).refresh().epochs[-1].learning_rate == pytest.approx(rate),
        "an epoch is trained at that rate",
    )
    page.keyboard.press("Escape")
    page.get_by_test_id("stPopoverButton").filter(has_text="Steer").click()
    # What was opened before may still be fading.
    expect(page.get_by_label("Epochs in all").last).to_have_value(str(epochs))
