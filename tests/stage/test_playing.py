"""Journeys on the reading stage in a real browser: it plays, and its row goes by keys and links."""

import re

import pytest
from playwright.sync_api import expect

from tests.stage.journey import (
    SlowNetwork,
    expect_answers,
    expect_row,
    networks,
    open_stage,
    picture,
    stage,
)

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)


def test_it_opens_closed_and_reads_itself_row_by_row(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url)
    expect_row(page, 0)
    expect_answers(page, "", "")
    expect(page.get_by_role("heading", level=1)).to_contain_text("one row at a time?")
    page.get_by_role("button", name="Read it").click()
    expect(stage(page)).to_have_attribute("data-playing", "true")
    expect(page.get_by_role("button", name="Read it")).to_be_hidden()
    for _ in range(2):
        page.keyboard.press("+")
    page.wait_for_function("() => document.querySelector('.stage').dataset.row > 5")
    expect_answers(page, "")
    page.keyboard.press("Space")
    expect(networks(page).nth(1)).to_have_attribute("data-answer", re.compile(r"\d"))
    expect(stage(page)).to_have_attribute("data-playing", "false")
    row = stage(page).get_attribute("data-row")
    page.wait_for_timeout(600)
    assert stage(page).get_attribute("data-row") == row
    page.get_by_role("button", name="Play", exact=True).click()
    expect_row(page, 28)
    expect(stage(page)).to_have_attribute("data-playing", "false")
    expect_answers(page, "5", "5")
    expect(networks(page).first).to_contain_text("Asked once: 5,")
    expect(networks(page).nth(1)).to_contain_text("Settled on 5 at row")
    expect(page).to_have_url(re.compile("row=28"))


def test_every_key_does_what_it_says(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?source=Test+digit&digit=3&example=20&row=12")
    expect_row(page, 12)
    for key, row in [
        ("ArrowRight", 13),
        ("ArrowDown", 14),
        ("PageDown", 15),
        ("ArrowLeft", 14),
        ("ArrowUp", 13),
        ("PageUp", 12),
        ("End", 28),
        ("ArrowRight", 28),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("End", 28),
    ]:
        page.keyboard.press(key)
        expect_row(page, row)
    speed = page.locator(".stage-speed")
    for key, level in [
        ("+", "2×"),
        ("+", "4×"),
        ("+", "4×"),
        ("-", "2×"),
        ("-", "1×"),
        ("-", "1×"),
    ]:
        page.keyboard.press(key)
        expect(speed).to_have_text(level)
    speed.click()
    expect(speed).to_have_text("2×")
    page.keyboard.press("ArrowLeft")
    before = picture(page)
    for key, label in (("s", "One step"), ("P", "Peek"), ("u", "Every unit"), ("h", "Hide digit")):
        switch = page.get_by_role("button", name=label, exact=True)
        page.keyboard.press(key)
        expect(switch).to_have_attribute("aria-pressed", "true")
        assert picture(page) != before
        page.keyboard.press(key)
        expect(switch).to_have_attribute("aria-pressed", "false")
        assert picture(page) == before
    page.keyboard.press("p")
    expect(stage(page)).to_have_attribute("data-peek", "true")
    expect(networks(page).first).to_contain_text("If asked now:")
    expect(page).to_have_url(re.compile("show=peek"))


def test_a_digit_key_asks_for_a_test_digit_and_again_for_the_next(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?row=28")
    page.keyboard.press("3")
    expect_answers(page, "3", "3")
    expect(page.get_by_role("radio", name="Test digit")).to_be_checked()
    first = picture(page)
    page.keyboard.press("3")
    example = page.get_by_role("spinbutton")
    expect(example).to_have_value("267")
    page.wait_for_timeout(300)
    assert picture(page) != first
    example.fill("20")
    example.press("Enter")
    page.keyboard.press("4")  # A control has the focus: the key is not the stage's.
    page.wait_for_timeout(500)
    expect(page.get_by_text("Which of its 1,010 test images?")).to_be_visible()


def test_the_pointer_and_the_slider_choose_the_row(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url)
    box = page.locator(".stage canvas").bounding_box()
    page.mouse.click(box["x"] + 100, box["y"] + 30)
    expect_row(page, 1)
    page.mouse.move(box["x"] + 100, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 180, steps=4)
    page.mouse.up()
    row = int(stage(page).get_attribute("data-row"))
    assert 8 < row < 20
    slider = page.get_by_role("slider", name="Row", exact=True)
    slider.focus()
    slider.press("ArrowRight")
    expect_row(page, row + 1)
    expect(slider).to_have_attribute(
        "aria-valuetext", re.compile(rf"^row {row + 1} of 28: Asked once: not asked yet; Asked")
    )


def test_the_stage_keeps_playing_through_a_rerun(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?row=2")
    page.evaluate(
        """() => {
            const stage = document.querySelector('.stage');
            window.rows = [];
            new MutationObserver(() => rows.push(Number(stage.dataset.row)))
                .observe(stage, { attributeFilter: ['data-row'] });
        }"""
    )
    page.keyboard.press("Space")
    expect_row(page, 4)
    page.keyboard.press("3")
    expect(page.get_by_text("Which of its 1,010 test images?")).to_be_visible()
    expect(stage(page)).to_have_attribute("data-playing", "true")
    page.wait_for_function("() => rows.at(-1) > 8")
    rows = page.evaluate("rows")
    assert rows == sorted(rows)


def test_the_row_goes_with_the_link_and_to_other_views_and_back(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?row=12&show=hide")
    expect_row(page, 12)
    hide = page.get_by_role("button", name="Hide digit", exact=True)
    expect(hide).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("row=13"))
    page.get_by_role("radio", name="Which pixels mattered?").click()
    slider = page.get_by_role("slider", name="After row")
    expect(slider).to_have_value("13")
    slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile("row=12"))
    page.get_by_role("radio", name="Row by row").click()
    expect_row(page, 12)
    # The keys are the stage's again.
    page.keyboard.press("ArrowRight")
    expect_row(page, 13)
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("row=12"))
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading").first).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    expect_row(page, 12)


def test_a_key_pressed_while_another_view_is_still_coming_counts(browser_page, app_url):
    page = browser_page
    network = SlowNetwork(page)
    open_stage(page, app_url, "?row=12")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("row=13"))
    network.slow = True
    page.get_by_role("radio", name="Which pixels mattered?").click()
    told = network.run_told()
    network.let_through(told - 1)
    slider = page.get_by_role("slider", name="After row")
    expect(slider).to_have_value("13")
    slider.press("ArrowLeft")
    page.wait_for_timeout(500)
    network.slow = False
    network.let_through()
    expect(page).to_have_url(re.compile("row=12"))
    expect(slider).to_have_value("12")


def test_it_is_dark_when_the_page_is(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?row=12")
    expect(stage(page)).to_have_attribute("data-theme", "light")
    light = picture(page)
    page.emulate_media(color_scheme="dark")
    expect(stage(page)).to_have_attribute("data-theme", "dark")
    assert picture(page) != light
    page.emulate_media(color_scheme="light")
    expect(stage(page)).to_have_attribute("data-theme", "light")
    assert picture(page) == light


@pytest.mark.parametrize(("height", "scrolls"), [(768, False), (650, None)])
def test_nothing_scrolls_and_play_is_in_sight(browser_page, app_url, height, scrolls):
    page = browser_page
    page.set_viewport_size({"width": 1366, "height": height})
    open_stage(page, app_url, "?row=12")
    page.wait_for_timeout(500)
    play = page.get_by_role("button", name="Play", exact=True).bounding_box()
    assert play["y"] + play["height"] <= height
    main = page.locator(".stMain")
    if scrolls is not None:
        assert main.evaluate("main => main.scrollHeight > main.clientHeight") == scrolls
