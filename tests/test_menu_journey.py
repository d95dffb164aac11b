"""What comes first: the menu, in a server that has shown no page yet, and Plotly's script."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_first_visit_may_be_to_the_train_page(browser_page, app_url):
    browser_page.goto(f"{app_url}/train")
    expect(browser_page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    for page in ("Draw", "Train"):
        expect(browser_page.get_by_role("link", name=page)).to_be_visible()
    browser_page.get_by_role("link", name="Draw").click()
    expect(browser_page).to_have_url(f"{app_url}/")
    expect(browser_page.locator(".js-plotly-plot").first).to_be_visible()


def test_plotly_comes_with_the_page_and_once(browser_page, app_url):
    browser_page.goto(app_url)
    expect(browser_page.locator(".js-plotly-plot").first).to_be_visible()
    asked_before_the_page_ran = browser_page.evaluate(
        """() => {
            const [page] = performance.getEntriesByType('navigation');
            return performance.getEntriesByType('resource')
                .filter(file => file.name.includes('/PlotlyChart.') && file.responseStatus === 200)
                .map(file => file.startTime < page.domContentLoadedEventStart);
        }"""
    )
    assert asked_before_the_page_ran == [True]
