"""From a mistake in the matrix to its image, and on to the Draw page, in a real browser."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)


# Where a point of a chart's axes is in the window.
PLACE = """([name, x, y]) => {
    const chart = document.querySelector(`.st-key-${name} .js-plotly-plot`);
    const { xaxis, yaxis } = chart._fullLayout, corner = chart.getBoundingClientRect();
    return [corner.x + xaxis._offset + xaxis.l2p(x), corner.y + yaxis._offset + yaxis.l2p(y)];
}"""


def test_a_click_on_a_cell_shows_its_images_and_a_click_on_one_reads_it(browser_page, app_url):
    page = browser_page
    page.goto(f"{app_url}/mistakes?reader=rnn-many_to_many-2016")
    sheet = page.locator(".st-key-sheet .js-plotly-plot")
    expect(sheet).to_be_visible()
    page.mouse.click(*page.evaluate(PLACE, ["matrix", 9, 4]))
    expect(page.get_by_text("test 4s read as 9")).to_be_visible()
    # Until the page is drawn again, it is the sheet of before that would be clicked.
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    expect(sheet).to_be_visible()
    page.mouse.click(*page.evaluate(PLACE, ["sheet", 50, 20]))
    page.wait_for_url("**/?*digit=4*")
    expect(page.locator(".stage [data-reader]")).to_have_attribute("data-answer", "9")
    page.get_by_role("link", name="Mistakes").click()
    expect(page.get_by_text("test 4s read as 9")).to_be_visible()
    expect(page.locator(".stException")).to_have_count(0)
