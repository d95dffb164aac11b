"""Every page and view, in both themes and at three sizes: no barrier, and nothing cut off."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.app_server import serving
from tests.journeys.places import PLACES, fill, settle

pytestmark = pytest.mark.browser

LAPTOP, UPRIGHT, LYING = (1366, 768), (390, 844), (844, 390)
EVERY_RULE: Mapping[str, Any] = {"resultTypes": ["violations"]}
OF_COLOURS: Mapping[str, Any] = {**EVERY_RULE, "runOnly": ["color-contrast"]}
# Of the thousands of marks of a chart, axe-core knows neither colours nor names.
BUT_FOR_MARKS = {"exclude": [[".js-plotly-plot .main-svg"]]}
# What lies in Streamlit's own markup.
NOT_OURS = {
    # A box that scrolls has no tabindex. Chromium and Firefox give every such box its turn by
    # themselves; Safari does not.
    "scrollable-region-focusable",
}
# Boxes that are wider than the window, or stand across its edge, unless they are in a box that
# scrolls and is in the window itself; and what is cut off on a line of controls.
CUT_OFF = """() => {
  const out = [];
  const inside = (box) => box.left >= -1 && box.right <= innerWidth + 1;
  const scrolls = (part) => {
    for (let around = part; around; around = around.parentElement) {
      const { overflowX } = getComputedStyle(around);
      if (around.matches('.stMain')) return false;
      if (overflowX === 'auto' || overflowX === 'scroll')
        if (inside(around.getBoundingClientRect())) return true;
    }
    return false;
  };
  if (document.documentElement.scrollWidth > innerWidth) out.push('the document');
  const main = document.querySelector('.stMain');
  if (main.scrollWidth > main.clientWidth) out.push('the page');
  const parts = '.js-plotly-plot, canvas, table, pre, button, p, h1, [role=radiogroup], .stSlider';
  for (const part of document.querySelectorAll(`.stMain :is(${parts})`)) {
    const box = part.getBoundingClientRect();
    if (!box.width || !part.checkVisibility() || part.closest('.stage-hidden')) continue;
    if (!inside(box) && !scrolls(part))
      out.push(`${part.tagName} ${part.className} ${part.textContent.slice(0, 30)}`);
  }
  return out;
}"""


@pytest.fixture(scope="module")
def app_url(app_runs: Path) -> Iterator[str]:
    fill(app_runs)
    with serving(app_runs) as server:
        yield server.url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    width, height = LAPTOP
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    # A whole screen has one size. Refused, the page presents in its window.
    context.add_init_script("Element.prototype.requestFullscreen = () => Promise.reject()")
    yield context.new_page()
    context.close()


def show(page: Page, size: tuple[int, int], theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    settle(page)


def barriers(page: Page, rules: Mapping[str, Any]) -> list[str]:
    """What stops somebody from using the page, as axe-core finds it by these rules."""
    found = Axe().run(page, BUT_FOR_MARKS, rules).response["violations"]
    return [
        f"{fault['id']}: {place['html'][:200]} {place['failureSummary']}"
        for fault in found
        if fault["impact"] in ("serious", "critical") and fault["id"] not in NOT_OURS
        for place in fault["nodes"]
    ]


@pytest.mark.parametrize("name", PLACES)
def test_nothing_stops_anybody_and_nothing_is_cut_off(page, app_url, name):
    PLACES[name].open(page, app_url)
    faults = []
    # The sizes differ in what is where, the themes in colours alone.
    for size, theme, rules in (
        (LAPTOP, "light", EVERY_RULE),
        (LAPTOP, "dark", OF_COLOURS),
        (UPRIGHT, "dark", EVERY_RULE),
        (LYING, "light", None),
    ):
        show(page, size, theme)
        found = [] if rules is None else barriers(page, rules)
        faults += [f"{size}, {theme}: {fault}" for fault in found]
        faults += [f"cut off at {size}: {part}" for part in page.evaluate(CUT_OFF)]
    assert not faults, "\n".join(faults)
