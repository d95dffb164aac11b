"""Journeys through the first screen, and where its ways on lead."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.lesson.card import expect_step
from tests.stage.journey import SEVEN, expect_answers, expect_row, networks, stroke

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)


def test_the_first_screen_asks_reads_and_shows_three_ways_on(browser_page, app_url):
    page = browser_page
    page.goto(app_url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("one row at a time?")
    expect(page.locator(".stage-lede")).to_contain_text("One is asked once")
    canvas, views = page.locator("canvas.upper-canvas"), page.locator(".st-key-view")
    ways = page.locator(".stage-ways")
    for hidden in (canvas, views, ways, page.locator(".stage-switches")):
        expect(hidden).to_be_hidden()
    expect(page.get_by_role("button", name="Read it")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("+")
    page.keyboard.press("Space")
    expect(ways).to_be_visible()
    expect_row(page, 28)
    expect_answers(page, "5", "5")
    expect(ways.get_by_role("button")).to_have_text(["Start the lesson", "Draw yours", "All views"])
    ways.get_by_role("button", name="All views").click()
    for seen in (canvas, views, page.get_by_role("button", name="One step")):
        expect(seen).to_be_visible()
    expect(ways).to_be_hidden()


def test_draw_yours_gives_a_pen_and_the_lesson_begins(browser: Browser, app_url):
    for way, comes in (
        ("Draw yours", "canvas.upper-canvas"),
        ("Start the lesson", ".st-key-answers"),
    ):
        page = browser.new_page()
        page.goto(app_url)
        expect(page.get_by_role("button", name="Read it")).to_be_visible()
        page.keyboard.press("End")
        page.get_by_role("button", name=way).click()
        expect(page.locator(comes)).to_be_visible()
        if way == "Draw yours":
            stroke(page, SEVEN)
            expect_answers(page, "7", "7")
        else:
            expect_step(page, 1)
            expect_row(page, 6)
        page.close()


def test_from_the_first_screen_keys_choose_a_digit_fill_the_screen_and_give_a_pen(
    browser_page, app_url
):
    page = browser_page
    page.goto(app_url)
    expect_row(page, 0)
    page.keyboard.press("3")
    expect(page).to_have_url(re.compile(r"[?&]digit=3(&|$)"))
    page.reload()
    expect_row(page, 0)
    page.keyboard.press("End")
    expect_answers(page, "3", "3")
    page.goto(app_url)
    expect_row(page, 0)
    page.keyboard.press("f")
    page.keyboard.press("d")
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    expect(networks(page).first).to_contain_text("Nothing to read yet")
    stroke(page, SEVEN)
    expect_answers(page, "7", "7")


def test_the_screen_stays_filled_when_the_lesson_starts(browser_page, app_url):
    page = browser_page
    page.goto(app_url)
    expect_row(page, 0)
    page.keyboard.press("f")
    page.keyboard.press("End")
    page.get_by_role("button", name="Start the lesson").click()
    expect_step(page, 1)
    assert page.evaluate("document.documentElement.classList.contains('presenting')")


def test_who_comes_from_another_page_finds_all_views(browser_page, app_url):
    page = browser_page
    page.goto(f"{app_url}/glossary")
    page.get_by_role("link", name="Draw").click()
    expect(page.locator(".st-key-view")).to_be_visible()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
