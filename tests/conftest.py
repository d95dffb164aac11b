"""The real app in a real browser, for the journeys."""

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Error, Page

from tests.app_server import serving
from tests.browser import chromium
from ui.visitor import at_the_computer

# How long an example takes depends on what else the computer does.
settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left with it at the end."""
    items.sort(key=lambda item: not {"browser", "processes"} & set(item.keywords))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of a journey that failed says what its page showed then."""
    report = yield
    page: Page | None = getattr(item, "funcargs", {}).get("browser_page")
    if report.when == "call" and report.failed and page:
        with suppress(Error):
            shown = page.inner_text("body", timeout=5_000)
            report.sections.append(("What the page showed", f"{page.url}\n{shown}"))
    return report


@pytest.fixture(scope="session")
def real_at_the_computer() -> Callable[[], bool]:
    """What `teacher_at_home` replaces."""
    return at_the_computer


@pytest.fixture(autouse=True)
def teacher_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages in these tests are looked at by a teacher alone; tests of strangers say otherwise."""
    monkeypatch.setattr("ui.visitor.at_the_computer", lambda: True)


@pytest.fixture(scope="module")
def app_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the app under test keeps its runs."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def app_url(app_runs: Path) -> Iterator[str]:
    """The address of a running app, stopped at the end."""
    with serving(app_runs) as server:
        yield server.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A fresh browser profile with one tab, as wide as a small projector."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()
