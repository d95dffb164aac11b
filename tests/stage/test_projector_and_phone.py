"""Journeys where a class meets the stage: a projector by keys alone, a phone by touch alone."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.stage.journey import (
    SEVEN,
    box_of_canvas,
    expect_answers,
    expect_known,
    expect_row,
    networks,
    open_stage,
    picture,
    stage,
    stroke,
)

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

NOTE_TYPE = """
const fillText = CanvasRenderingContext2D.prototype.fillText;
window.typeOnCanvas = [];
CanvasRenderingContext2D.prototype.fillText = function (...words) {
  window.typeOnCanvas.push(parseFloat(this.font.match(/([\\d.]+)px/)[1]));
  return fillText.apply(this, words);
};
"""
SMALLEST_TYPE = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let smallest = Math.min(...window.typeOnCanvas);
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || around.closest('script, style, .stage-hidden')) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (range.getClientRects().length && around.checkVisibility({ checkVisibilityCSS: true }))
      smallest = Math.min(
        smallest, parseFloat(getComputedStyle(around).fontSize) * around.currentCSSZoom);
  }
  return smallest;
}"""


@pytest.fixture
def projector(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.set_default_timeout(60_000)
    context.add_init_script(NOTE_TYPE)
    yield context.new_page()
    context.close()


def expect_presenting(page: Page, is_so: bool = True) -> None:
    menu, views = (
        page.get_by_test_id("stHeader"),
        page.get_by_role("radio", name="Which pixels mattered?"),
    )
    left = page.get_by_role("combobox", name="Networks")
    for part in (menu, views, left):
        expect(part).to_be_visible(visible=not is_so)
    page.wait_for_function(f"() => Boolean(document.fullscreenElement) === {str(is_so).lower()}")


def test_a_lesson_at_the_projector_by_keys_alone(projector, app_url):
    page = projector
    open_stage(page, app_url, "?row=17")
    page.keyboard.press("f")
    expect_presenting(page)
    expect_row(page, 17)
    for key in ("s", "s", "p", "End"):
        page.evaluate("window.typeOnCanvas.length = 0")
        page.keyboard.press(key)
        picture(page)
        assert page.evaluate(SMALLEST_TYPE) >= 24
    for key, row in (("PageUp", 27), ("PageUp", 26), ("PageDown", 27), ("PageDown", 28)):
        page.keyboard.press(key)
        expect_row(page, row)
    page.keyboard.press("3")
    expect_answers(page, "3", "3")
    page.wait_for_selector('[data-test-script-state="notRunning"]', state="attached")
    first = picture(page)
    page.keyboard.press("3")
    expect(page.locator(".stage-sentence").first).to_contain_text("3")
    page.wait_for_function(
        "first => document.querySelector('.stage canvas').toDataURL() !== first", arg=first
    )
    bottom = page.get_by_role("button", name="Leave").bounding_box()
    assert bottom["y"] + bottom["height"] <= 1080
    page.keyboard.press("f")
    expect_presenting(page, False)


@pytest.mark.parametrize("step", [5, 6])
def test_the_chart_of_a_lesson_is_read_from_behind(projector, app_url, step):
    page = projector
    page.goto(f"{app_url}/?lesson={step}")
    expect_row(page, 28 if step == 5 else 14)
    page.keyboard.press("f")
    page.get_by_role("button", name="Show me").click()
    expect(page.locator(".js-plotly-plot .infolayer text").first).to_be_visible()
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    page.evaluate("window.typeOnCanvas.length = 0")
    assert page.evaluate(SMALLEST_TYPE) >= 22
    chart = page.locator(".js-plotly-plot .main-svg").first.bounding_box()
    assert chart["x"] + chart["width"] <= 1920
    assert chart["y"] + chart["height"] <= 1080
    assert chart["width"] > 1250


def test_somebody_draws_at_the_projector(projector, app_url):
    page = projector
    open_stage(page, app_url, "?source=Test+digit&digit=3&row=12")
    page.keyboard.press("f")
    expect_presenting(page)
    page.keyboard.press("d")
    canvas = page.locator("canvas.upper-canvas")
    expect(canvas).to_be_visible()
    scale = box_of_canvas(page)["width"] / 280
    assert scale > 1.5
    page.evaluate("window.typeOnCanvas.length = 0")
    stroke(page, [(x * scale, y * scale) for x, y in SEVEN], lift=False)
    expect_answers(page, "7", "7")
    page.mouse.up()
    expect_known(page)
    expect_answers(page, "7", "7")
    assert page.evaluate(SMALLEST_TYPE) >= 24
    page.keyboard.press("Home")
    expect(canvas).to_be_hidden()
    expect_row(page, 0)
    page.keyboard.press("f")
    expect_presenting(page, False)
    expect(canvas).to_be_visible()
    assert box_of_canvas(page)["width"] == 280


def test_it_presents_in_its_window_where_full_screen_is_refused(browser_page, app_url):
    page = browser_page
    page.add_init_script(
        "Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('refused'))"
    )
    faults: list[object] = []

    def note(fault: object) -> None:
        faults.append(fault)

    page.on("pageerror", note)
    open_stage(page, app_url)
    page.get_by_role("button", name="Present", exact=True).click()
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stHeader")).to_be_visible()
    assert not faults


def in_sight(part: Locator) -> None:
    expect(part).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (844, 390)], ids=["upright", "lying"])
def test_a_phone_by_touch_alone(browser: Browser, app_url, width, height):
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    open_stage(page, app_url)
    box = box_of_canvas(page)
    corners = [
        (box["x"] + x * box["width"] / 280, box["y"] + y * box["width"] / 280) for x, y in SEVEN
    ]
    finger = context.new_cdp_session(page)

    def send(kind: str, *at: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in at]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", corners[0])
    for (x, y), (u, v) in pairwise(corners):
        for part in range(1, 9):
            send("touchMove", (x + (u - x) * part / 8, y + (v - y) * part / 8))
    expect_answers(page, "7", "7")
    play = page.get_by_role("button", name="Play", exact=True)
    in_sight(page.locator("canvas.upper-canvas"))
    for number in range(2):
        network = networks(page).nth(number)
        in_sight(network)
        in_sight(network.locator(".stage-digit"))
        strip = network.locator(".stage-shares")
        in_sight(strip)
        seven = strip.locator("i").nth(7)
        assert seven.bounding_box()["height"] > strip.locator("i").nth(6).bounding_box()["height"]
    in_sight(play)
    send("touchEnd")
    expect_known(page)
    expect_answers(page, "7", "7")
    answers = picture(page)
    page.get_by_role("button", name="Show the memory").tap()
    assert picture(page) != answers
    page.get_by_role("button", name="Show the answers").tap()
    assert picture(page) == answers
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    drawn = page.locator(".stage canvas").bounding_box()
    assert drawn["x"] >= 0
    assert drawn["x"] + drawn["width"] <= width
    page.locator(".stage canvas").evaluate("canvas => canvas.scrollIntoView({ block: 'end' })")
    in_sight(play)
    play.tap()
    expect(stage(page)).to_have_attribute("data-playing", "true")
    page.wait_for_function("() => document.querySelector('.stage').dataset.row > 1")
    page.get_by_role("button", name="Pause", exact=True).tap()
    expect(page).to_have_url(re.compile(r"row=\d"))
    context.close()
