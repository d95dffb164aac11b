"""What the stage tells the server by key, while the answers are long in coming."""

import pytest
from playwright.sync_api import expect

from tests.stage.journey import (
    SlowNetwork,
    expect_answers,
    expect_row,
    open_stage,
    picture,
    stage,
)

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)


def test_where_the_stage_rests_does_not_take_the_chosen_digit_back(browser_page, app_url):
    page = browser_page
    network = SlowNetwork(page)
    open_stage(page, app_url, "?row=28")
    page.wait_for_timeout(1000)
    network.slow = True
    page.keyboard.press("PageUp")
    page.keyboard.press("3")
    page.wait_for_timeout(2000)
    network.slow = False
    network.let_through()
    expect(page.get_by_role("radio", name="Test digit")).to_be_checked()
    page.wait_for_timeout(1500)
    expect(page.get_by_role("radio", name="Test digit")).to_be_checked()
    expect_row(page, 27)
    expect_answers(page, "", "3")


def test_where_the_stage_was_does_not_take_back_where_the_page_has_put_it(browser_page, app_url):
    page = browser_page
    network = SlowNetwork(page)
    page.goto(f"{app_url}/?lesson=4")
    expect_row(page, 14)
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    page.wait_for_timeout(1000)
    network.slow = True
    page.get_by_role("button", name="no", exact=True).click()
    network.run_told()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(2000)  # In this time the stage says that it rests at row 15.
    network.slow = False
    network.let_through()
    expect(stage(page)).to_have_attribute("data-peek", "true")
    page.wait_for_timeout(1500)
    expect(stage(page)).to_have_attribute("data-peek", "true")
    expect_row(page, 14)


def test_each_press_takes_the_next_digit(browser_page, app_url):
    page = browser_page
    network = SlowNetwork(page)
    open_stage(page, app_url, "?row=28")
    before = picture(page)
    network.slow = True
    for _ in range(3):
        page.keyboard.press("3")
        page.wait_for_timeout(500)
    assert picture(page) == before
    network.slow = False
    network.let_through()
    example = page.get_by_role("spinbutton")
    expect(example).to_have_value("268")
    # What was asked for stays when another view has been looked at.
    page.get_by_role("radio", name="Memory map").click()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    page.get_by_role("radio", name="Row by row").click()
    expect_row(page, 28)
    expect_answers(page, "3", "3")
    expect(example).to_have_value("268")
    page.get_by_role("heading", level=1).click()  # A control that has the focus keeps the keys.
    page.keyboard.press("3")
    expect(example).to_have_value("269")
