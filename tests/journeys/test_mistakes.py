"""From a mistake in the matrix to its image, and on to the Draw page, in a real browser."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)


def click_point(page, chart, number):
    """A click on where a chart has its point of this number, as a mouse makes it."""
    box = page.locator(f".st-key-{chart} .scatterlayer .point").nth(number).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_click_on_a_cell_shows_its_images_and_a_click_on_one_reads_it(browser_page, app_url):
    page = browser_page
    page.goto(f"{app_url}/mistakes?reader=rnn-many_to_many-2016")
    sheet = page.locator(".st-key-sheet .js-plotly-plot")
    expect(sheet).to_be_visible()
    click_point(page, "matrix", 49)
    expect(page.get_by_text("test 4s read as 9")).to_be_visible()
    # Until the page is drawn again, it is the sheet of before that would be clicked.
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    expect(sheet).to_be_visible()
    click_point(page, "sheet", 1)
    page.wait_for_url("**/?*digit=4*")
    expect(page.locator(".stage [data-reader]")).to_have_attribute("data-answer", "9")
    page.get_by_role("link", name="Mistakes").click()
    expect(page.get_by_text("test 4s read as 9")).to_be_visible()
    expect(page.locator(".stException")).to_have_count(0)
