"""A reading by keyboard and screen reader alone: what has the focus, and what is said aloud."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stage.journey import expect_row, networks, stage

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

# Everything that a live region has said, as a screen reader would say it.
LISTEN = """
window.heard = [];
new MutationObserver(changes => {
  for (const { target } of changes) {
    const element = target instanceof Element ? target : target.parentElement;
    const region = element?.closest('[aria-live=polite]');
    if (region && region.textContent !== heard.at(-1)) heard.push(region.textContent);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


def focused(page: Page) -> tuple[str, str]:
    """Role and name of what has the focus, in the accessibility tree."""
    reader = page.context.new_cdp_session(page)
    nodes = reader.send("Accessibility.getFullAXTree")["nodes"]
    reader.detach()
    has_focus = {"name": "focused", "value": {"type": "booleanOrUndefined", "value": True}}
    found = [node for node in nodes if has_focus in node.get("properties", ())]
    role, name = (found[-1].get(key, {}).get("value", "") for key in ("role", "name"))
    return role, name


def tab_to(page: Page, role: str, name: str) -> None:
    """Press Tab until this has the focus."""
    passed = []
    for _ in range(60):
        page.keyboard.press("Tab")
        here = focused(page)
        if here[0] == role and re.search(name, here[1]):
            return
        passed.append(here)
    raise AssertionError(f"no {role} {name!r} among {passed}")


def test_from_choosing_a_digit_to_the_closing_sentence(browser_page, app_url):
    page = browser_page
    page.add_init_script(LISTEN)
    page.goto(f"{app_url}/?view=Row+by+row")
    expect(networks(page)).to_have_count(2)
    tab_to(page, "radio", "^Draw$")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Test digit")).to_be_checked()
    expect(page.get_by_role("radio", name="5", exact=True)).to_be_checked()
    tab_to(page, "radio", r"^\d$")
    while focused(page)[1] != "6":
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="6", exact=True)).to_be_checked()

    tab_to(page, "slider", "^Row$")
    slider = page.locator(":focus")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^before the first row: "))
    page.keyboard.press("ArrowRight")
    expect_row(page, 1)
    assert focused(page) == ("slider", "Row")
    said = re.compile("^row 1 of 28: Asked once: not asked yet; Asked after every row says ")
    expect(slider).to_have_attribute("aria-valuetext", said)
    page.wait_for_function("() => heard.at(-1)?.startsWith('row 1 of 28')")
    page.keyboard.press("Home")

    page.keyboard.press("Shift+Tab")
    assert focused(page) == ("button", "Speed: 1 times")
    for _ in range(2):
        page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "Speed: 4 times")
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    assert focused(page) == ("button", "Play")
    said = page.evaluate("heard.length")
    page.keyboard.press("Space")
    expect(stage(page)).to_have_attribute("data-playing", "true")
    assert focused(page) == ("button", "Pause")
    page.wait_for_function("() => document.querySelector('.stage').dataset.row === '20'")
    assert page.evaluate("heard.length") == said  # Nobody could listen to each row.
    expect_row(page, 28)
    page.wait_for_function("() => heard.at(-1)?.startsWith('row 28 of 28')")
    closing = page.evaluate("heard.at(-1)")
    assert re.search(r"Asked once: 6, .*Settled on 6 at row \d+", closing)
    assert page.evaluate("heard.length") == said + 1
    table = page.get_by_role("table", name="How probable each digit is now")
    expect(table.get_by_role("row")).to_have_count(3)
