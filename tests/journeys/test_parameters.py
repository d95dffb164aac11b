"""A parameter of an address that no widget can take leaves its page as it is without it."""

import ast
import re
from collections.abc import Mapping, Sequence
from functools import cache

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from tests.app_server import PROJECT
from tests.pages import in_process
from ui.draw.views import CHANGES

# All bound widgets are seen at one of these.
PLACES: tuple[tuple[str, dict[str, str]], ...] = (
    ("draw", {"source": "Test digit", "view": "When does it know?"}),
    ("draw", {"view": "Which pixels mattered?"}),
    *(("draw", {"view": "What if?", "edit": edit}) for edit in CHANGES),
    ("wirings", {"wiring": "one-to-many"}),
)
NOBODY_TAKES = {
    "empty": "",
    "empty twice": ["", ""],
    "a stranger's": "<b>nobody</b>",
    "strangers'": ["<b>nobody</b>", "no one"],
    "infinite": "1e400",
    "longer than a number": "9" * 400,
    "empty after infinite": ["-inf", ""],
}


def opened(page: str, address: Mapping[str, str | Sequence[str]]) -> AppTest:
    """A page as it is at an address."""
    test = in_process.opened(page)
    test.query_params.update(address)
    test.run()
    assert not test.exception
    return test


def bound_values(test: AppTest) -> dict[str, object]:
    """What the bound widgets of a page hold, by parameter."""
    return {
        element.proto.query_param_key: element.value
        for element in test.main
        if getattr(element.proto, "query_param_key", "")
    }


@cache
def places() -> dict[str, tuple[str, dict[str, str]]]:
    """A page and an address that shows the widget, by the parameter that it is bound to."""
    return {
        name: (page, address)
        for page, address in PLACES
        for name in bound_values(opened(page, address))
    }


def bound_in_the_source() -> set[str]:
    """The parameters that widgets are bound to, in all pages and what they show."""
    files = [file for folder in ("pages", "ui") for file in (PROJECT / folder).rglob("*.py")]
    calls = [
        node
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert not [call for call in calls if any(word.arg == "bind" for word in call.keywords)]
    return {
        ast.literal_eval(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "bound"
    }


@pytest.fixture(autouse=True)
def no_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))


def test_every_bound_parameter_is_seen_somewhere():
    assert places().keys() == bound_in_the_source()


@pytest.mark.parametrize("value", NOBODY_TAKES.values(), ids=NOBODY_TAKES)
@pytest.mark.parametrize(("page", "address"), PLACES, ids=str)
def test_what_no_widget_takes_gives_the_defaults(page, address, value):
    seen_here = [name for name, place in places().items() if place == (page, address)]
    # One that says what else is seen is tried by itself, the others together.
    alone = [[name] for name in seen_here if name in address]
    for names in (*alone, [name for name in seen_here if name not in address]):
        given = opened(page, address | dict.fromkeys(names, value))
        assert not set(names) & given.query_params.keys()
        kept = {name: text for name, text in address.items() if name not in names}
        # A widget is bound again from the second run on.
        assert bound_values(given.run()) == bound_values(opened(page, kept))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("place", "chosen"),
    [
        ("?view=", "Row by row"),
        ("?source=Test+digit&digit=", "5"),
        ("?source=Test+digit&example=1e400", "5"),
        ("wirings?wiring=", "one-to-one"),
    ],
)
def test_a_browser_opens_the_page_and_steps_back_to_it(browser_page: Page, app_url, place, chosen):
    page = browser_page
    page.goto(f"{app_url}/{place}")
    for step in (page.go_back, None):
        # Once the parameter is gone, the page has run.
        expect(page).not_to_have_url(re.compile("=$|1e400"))
        page.wait_for_selector('[data-test-script-state="notRunning"]')
        expect(page.get_by_role("radio", name=chosen, exact=True)).to_be_checked()
        expect(page.locator(".js-plotly-plot, .stage canvas").first).to_be_visible()
        assert page.get_by_test_id("stException").count() == 0
        if step:
            step()
            assert re.search("=$|1e400", page.url)
