"""Journeys through the Draw page in a real browser."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from mnist_rnn.digits.mnist import load_digits

pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)
SEVEN = [(75, 60), (205, 60), (185, 110), (150, 170), (125, 245)]
IMAGE_PANEL = """() => {
    const panels = document.querySelector('.js-plotly-plot')?._fullData;
    return panels?.length ? Array.from(panels[0].z, row => Array.from(row)).join() : null;
}"""
SCAN_LINE = "() => document.querySelector('.js-plotly-plot').layout.shapes[1].y0"


def open_draw_page(page: Page, app_url: str) -> None:
    page.goto(app_url)
    expect(answers(page)).to_have_count(2)
    expect(page.locator("canvas.upper-canvas")).to_be_visible()


def answers(page: Page):
    return page.locator(".js-plotly-plot .annotation-text").filter(
        has_text=re.compile(r"^\d at \d+%$")
    )


def stroke(page: Page, points: list[tuple[int, int]]) -> None:
    box = page.locator("canvas.upper-canvas").bounding_box()
    page.mouse.move(box["x"] + points[0][0], box["y"] + points[0][1])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    page.mouse.up()


def wait_for_another_image(page: Page, image: str) -> None:
    page.wait_for_function(f"old => ![null, old].includes(({IMAGE_PANEL})())", arg=image)


def test_draw_a_digit_and_read_the_answer(browser_page, app_url):
    page = browser_page
    open_draw_page(page, app_url)
    expect(answers(page).nth(1)).to_contain_text("5 at")
    stroke(page, SEVEN)
    for reader in range(2):
        expect(answers(page).nth(reader)).to_contain_text("7 at")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("Draw a digit")).to_be_visible()
    expect(answers(page).nth(1)).to_contain_text("5 at")


def test_undo_takes_the_last_stroke_back(browser_page, app_url):
    page = browser_page
    open_draw_page(page, app_url)
    stroke(page, SEVEN)
    expect(answers(page).first).to_contain_text("7 at")
    one_stroke = page.evaluate(IMAGE_PANEL)
    stroke(page, [(40, 200), (240, 200)])
    wait_for_another_image(page, one_stroke)
    page.get_by_test_id("stBaseButton-secondary").filter(has_text="Undo").click()
    page.wait_for_function(f"drawn => ({IMAGE_PANEL})() === drawn", arg=one_stroke)


def test_the_drawing_survives_a_look_at_another_page(browser_page, app_url):
    page = browser_page
    open_draw_page(page, app_url)
    stroke(page, SEVEN)
    expect(answers(page).first).to_contain_text("7 at")
    drawn = page.evaluate(IMAGE_PANEL)
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    expect(answers(page)).to_have_count(2)
    assert page.evaluate(IMAGE_PANEL) == drawn
    one_stroke = page.evaluate(IMAGE_PANEL)
    stroke(page, [(40, 200), (240, 200)])
    wait_for_another_image(page, one_stroke)
    page.get_by_test_id("stBaseButton-secondary").filter(has_text="Undo").click()
    page.wait_for_function(f"drawn => ({IMAGE_PANEL})() === drawn", arg=one_stroke)


def test_play_moves_the_scan_line_down_to_the_last_row(browser_page, app_url):
    page = browser_page
    open_draw_page(page, app_url)
    assert page.evaluate(SCAN_LINE) == 28
    last = answers(page).all_text_contents()
    page.locator(".updatemenu-button").filter(has_text="Play").click()
    page.wait_for_function(f"() => ({SCAN_LINE})() < 10")
    page.wait_for_function(f"() => ({SCAN_LINE})() > 15")
    page.locator(".updatemenu-button").filter(has_text="Pause").click()
    paused = page.evaluate(SCAN_LINE)
    page.wait_for_timeout(1000)
    assert page.evaluate(SCAN_LINE) - paused <= 1
    page.locator(".updatemenu-button").filter(has_text="Play").click()
    page.wait_for_function(f"() => ({SCAN_LINE})() === 28")
    assert sorted(answers(page).all_text_contents()) == sorted(last)


def test_an_uploaded_picture_is_read(browser_page, app_url):
    page = browser_page
    open_draw_page(page, app_url)
    digits = load_digits("test")
    paper = io.BytesIO()
    Image.fromarray(255 - digits.images[digits.labels == 7][0]).resize((300, 300)).save(
        paper, "JPEG"
    )
    page.get_by_role("radio", name="Upload").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "seven.jpg", "mimeType": "image/jpeg", "buffer": paper.getvalue()}
    )
    expect(answers(page).nth(1)).to_contain_text("7 at")
