"""What comes first: the menu, in a server that has shown no page yet, and a page's scripts."""

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
    expect(browser_page.locator(".stage")).to_be_visible()


@pytest.mark.parametrize(
    ("place", "ready", "scripts"),
    [
        ("", ".stage [data-reader]", ["/component.js", "/PlotlyChart."]),
        ("wirings", ".js-plotly-plot", ["/PlotlyChart.", "/component.js"]),
    ],
)
def test_a_pages_largest_script_comes_with_it_and_once(
    browser_page, app_url, place, ready, scripts
):
    browser_page.goto(f"{app_url}/{place}")
    expect(browser_page.locator(ready).first).to_be_visible()
    asked_before_the_page_ran = browser_page.evaluate(
        """names => {
            const [page] = performance.getEntriesByType('navigation');
            return names.map(name => performance.getEntriesByType('resource')
                .filter(file => file.name.includes(name) && file.responseStatus === 200)
                .map(file => file.startTime < page.domContentLoadedEventStart));
        }""",
        scripts,
    )
    assert asked_before_the_page_ran == [[True], []]
