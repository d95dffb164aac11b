"""Journeys with a pen on the reading stage in a real browser, by mouse, stylus and finger."""

from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.app_server import PROJECT
from tests.stage.journey import (
    BAR,
    SEVEN,
    SlowNetwork,
    assert_alike,
    box_of_canvas,
    expect_answers,
    expect_known,
    networks,
    open_stage,
    picture,
    stage,
    stroke,
    undo,
)

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)


def test_space_after_undo_plays_and_does_not_undo_again(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url)
    for line in (SEVEN, BAR, [(60, 90), (200, 120)]):
        stroke(page, line)
        expect_known(page)
    undo(page).click()
    expect_known(page)
    two = picture(page)
    page.keyboard.press("Space")
    expect(stage(page)).to_have_attribute("data-playing", "true")
    page.keyboard.press("End")
    page.wait_for_timeout(800)
    assert picture(page) == two


def test_nothing_goes_over_the_network_while_the_pen_is_down(browser_page, app_url):
    page = browser_page
    frames: list[object] = []

    def listen(socket):
        def note(frame):
            frames.append(frame)

        socket.on("framesent", note)
        socket.on("framereceived", note)

    page.on("websocket", listen)
    open_stage(page, app_url)
    stroke(page, SEVEN)
    expect_known(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(2500)
    frames.clear()
    stroke(page, BAR, lift=False)
    page.wait_for_timeout(1000)
    drawn = picture(page)
    assert frames == []
    page.mouse.up()
    page.wait_for_timeout(2000)
    assert frames
    assert_alike(picture(page), drawn)


def test_strokes_outlast_a_slow_network(browser_page, app_url):
    page = browser_page
    network = SlowNetwork(page)
    open_stage(page, app_url)
    network.slow = True
    stroke(page, SEVEN)
    one = picture(page)
    of_one = network.run_told()
    assert picture(page) == one
    stroke(page, BAR)
    two = picture(page)
    assert two != one
    # The server tells the first stroke while the second is on its way.
    network.let_through(of_one)
    expect(undo(page)).to_be_enabled()
    page.wait_for_timeout(1000)
    assert_alike(picture(page), two)
    network.slow = False
    network.let_through()
    expect_known(page)
    page.wait_for_timeout(1000)
    assert_alike(picture(page), two)


def test_a_drag_in_edit_mode_is_no_stroke(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?show=every")
    stroke(page, SEVEN)
    expect_known(page)
    drawn = picture(page)
    box = box_of_canvas(page)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.get_by_role("button", name="Edit", exact=True).click()
    stroke(page, [(140, 60), (150, 90)], lift=False)
    assert picture(page) == drawn
    page.mouse.up()
    page.wait_for_timeout(1500)
    # The same digit at another place is the same image.
    assert_alike(picture(page), drawn)


def test_without_the_canvas_it_reads_once_the_pen_is_lifted(browser_page, app_url):
    page = browser_page

    def other_canvas(route: Route) -> None:
        text = (PROJECT / "assets" / "stage" / "pen" / "pen.js").read_text(encoding="utf-8")
        assert "st-key-canvas-" in text
        body = text.replace("st-key-canvas-", "st-key-of-another-version-")
        route.fulfill(body=body, content_type="text/javascript")

    page.route("**/pen.js", other_canvas)
    open_stage(page, app_url, "?row=28")
    before = picture(page)
    stroke(page, SEVEN, lift=False)
    page.wait_for_timeout(500)
    assert picture(page) == before
    page.mouse.up()
    expect_answers(page, "7", "7")


def with_pen(page: Page, kind: str, points: list[tuple[int, int]]) -> None:
    """A finger, or a stylus, as Chromium is told of them by a screen."""
    box = box_of_canvas(page)
    chromium = page.context.new_cdp_session(page)

    def send(what: str, x: float, y: float) -> None:
        if kind == "touch":
            name = {"down": "touchStart", "move": "touchMove", "up": "touchEnd"}[what]
            at = [] if what == "up" else [{"x": x, "y": y}]
            chromium.send("Input.dispatchTouchEvent", {"type": name, "touchPoints": at})
        else:
            name = {"down": "mousePressed", "move": "mouseMoved", "up": "mouseReleased"}[what]
            event = {"type": name, "x": x, "y": y, "button": "left", "pointerType": "pen"}
            chromium.send("Input.dispatchMouseEvent", {**event, "buttons": 1, "clickCount": 1})

    corners = [(box["x"] + x, box["y"] + y) for x, y in points]
    send("down", *corners[0])
    for (x, y), (u, v) in pairwise(corners):
        for part in range(1, 9):
            send("move", x + (u - x) * part / 8, y + (v - y) * part / 8)
    expect(networks(page).first).to_contain_text("So far.")
    live = picture(page)
    send("up", *corners[-1])
    expect_known(page)
    expect_answers(page, "7", "7")
    assert_alike(picture(page), live)


def test_a_stylus_draws(browser_page, app_url):
    open_stage(browser_page, app_url)
    with_pen(browser_page, "pen", SEVEN)


def test_a_finger_draws_and_a_phone_has_everything(browser: Browser, app_url):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(60_000)
    page = context.new_page()
    open_stage(page, app_url)
    with_pen(page, "touch", SEVEN)
    wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
    assert wide <= 390
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_in_viewport()
    answers = picture(page)
    page.get_by_role("button", name="Show the memory").click()
    assert picture(page) != answers
    page.get_by_role("button", name="Show the answers").click()
    page.get_by_role("button", name="One step").click()
    expect(page.get_by_role("button", name="Show the answers")).to_be_visible()
    context.close()
