"""Journeys through all lessons, by keys, by clicks and by touch."""

import re

import pytest
from playwright.sync_api import Browser, expect

from mnist_rnn.network.catalog import WIRINGS
from mnist_rnn.network.reader import Reader
from tests.journeys.lesson.card import card, expect_step, expect_told, question, sentence
from tests.stage.journey import (
    SEVEN,
    box_of_canvas,
    expect_answers,
    expect_ink,
    expect_known,
    expect_row,
    stage,
    stroke,
)
from ui.lesson.file import names_of_lessons
from ui.lesson.place import address, lesson_called
from ui.stored import shared_test_digits

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)


@pytest.mark.parametrize("name", names_of_lessons())
def test_a_lesson_is_gone_through_by_page_keys(browser_page, app_url, name):
    page = browser_page
    page.goto(f"{app_url}/?lesson={address(name, 1)}")
    steps = len(lesson_called(name).steps)
    for number in range(1, steps + 1):
        expect_step(page, number, name)
        expect(page.locator(".st-key-answers button").first).to_be_visible()
        page.keyboard.press("PageDown")
        expect_told(page)
        if number == 2:
            page.keyboard.press("PageUp")
            expect_step(page, 1, name)
            page.keyboard.press("PageDown")
            expect_told(page)
            page.keyboard.press("PageDown")
            expect_step(page, 2, name)
            page.keyboard.press("PageDown")
            expect_told(page)
        page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1000)
    expect_told(page)
    page.get_by_role("button", name="Leave the lesson").click()
    expect(card(page)).to_have_count(0)
    assert "lesson=" not in page.url


def test_the_arrows_move_the_row_and_after_the_last_one_the_lesson_goes_on(browser_page, app_url):
    page = browser_page
    page.goto(f"{app_url}/?lesson=3")
    expect_row(page, 4)
    page.keyboard.press("ArrowRight")
    expect_row(page, 5)
    expect_step(page, 3)
    page.keyboard.press("End")
    expect_row(page, 28)
    page.keyboard.press("ArrowRight")
    expect_told(page)
    expect_row(page, 28)
    page.keyboard.press("ArrowRight")
    expect_step(page, 4)
    expect_row(page, 14)


def test_an_answer_is_judged_and_a_reload_loses_nothing(browser_page, app_url):
    page = browser_page
    page.goto(f"{app_url}/?lesson=4")
    expect_answers(page, "")
    digits = shared_test_digits()
    five = digits.images[digits.labels == 5][265]
    peeked = int(Reader.load(WIRINGS["many_to_one"].path).read(five).answers[13])
    right, wrong = ("yes", "no") if peeked == 5 else ("no", "yes")
    card(page).get_by_role("button", name=wrong, exact=True).click()
    expect_told(page)
    expect(card(page)).to_contain_text(f"\u2717 {wrong} (you)")
    expect(card(page)).to_contain_text(f"\u2713 {right}")
    expect(stage(page)).to_have_attribute("data-peek", "true")
    expect_answers(page, str(peeked))
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("row=15"))
    page.reload()
    expect_told(page)
    expect(card(page)).to_contain_text(f"\u2717 {wrong} (you)")
    expect_row(page, 15)
    expect(stage(page)).to_have_attribute("data-peek", "true")


def test_an_address_of_no_step_says_so_and_the_page_works(browser_page, app_url):
    page = browser_page
    page.goto(f"{app_url}/?lesson=99")
    expect(page.get_by_text("This lesson has 7 steps.")).to_be_visible()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()


def test_a_lesson_stays_on_the_projector_from_step_to_step(browser: Browser, app_url):
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.goto(f"{app_url}/?lesson=5")
    expect_step(page, 5)
    page.keyboard.press("f")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    for number in (5, 6, 7):
        expect_step(page, number)
        expect(question(page)).to_be_in_viewport(ratio=1)
        page.keyboard.press("PageDown")
        expect_told(page)
        assert (
            float(
                sentence(page)
                .locator("p")
                .evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
            )
            >= 30
        )
        expect(page.get_by_test_id("stHeader")).to_be_hidden()
        on = page.locator(".st-key-on button, .st-key-leave button").first
        expect(on).to_be_in_viewport(ratio=1)
        page.keyboard.press("PageDown")
    page.keyboard.press("f")
    expect(page.get_by_test_id("stHeader")).to_be_visible()
    page.close()


def test_a_lesson_on_a_phone_by_touch(browser: Browser, app_url):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{app_url}/?lesson=3")
    expect_step(page, 3)
    answers = page.locator(".st-key-answers button")
    for number in range(4):
        expect(answers.nth(number)).to_be_in_viewport(ratio=1)
    expect_row(page, 4)
    below = card(page).bounding_box()
    heads = page.locator(".stage-headings").bounding_box()
    assert below["y"] + below["height"] <= heads["y"]
    expect(page.locator(".stage-digit")).to_be_in_viewport(ratio=1)
    answers.first.tap()
    expect_told(page)
    expect_answers(page, "5")
    page.get_by_role("button", name="Next").tap()
    expect_step(page, 4)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    context.close()


def test_the_last_step_reads_what_is_drawn_and_links_to_the_training(browser_page, app_url):
    page = browser_page
    page.goto(f"{app_url}/?lesson=7")
    expect_step(page, 7)
    expect(page.locator("canvas.upper-canvas")).to_be_in_viewport(ratio=1)
    assert box_of_canvas(page)["width"] == 280
    stroke(page, SEVEN)
    expect_answers(page, "7", "7")
    expect_known(page)
    page.keyboard.press("PageDown")
    expect_told(page)
    expect_answers(page, "7", "7")
    link = card(page).get_by_role("link", name="Compare both").get_attribute("href")
    page.get_by_role("button", name="Leave the lesson").click()
    expect(card(page)).to_have_count(0)
    expect_ink(page)
    expect_answers(page, "7", "7")
    page.goto(f"{app_url}/{link.rpartition('/')[2]}")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


def test_lessons_are_found_and_everything_starts_over(browser_page, app_url):
    page = browser_page
    page.goto(f"{app_url}/?view=Which+pixels+mattered%3F")
    page.get_by_role("button", name="Lessons").click()
    page.get_by_role("button", name="Why memories vanish").click()
    expect_step(page, 1, "why-memories-vanish")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    page.keyboard.press("f")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    page.keyboard.press("f")
    page.get_by_role("button", name="Leave the lesson").click()
    expect(card(page)).to_have_count(0)
    page.get_by_role("button", name="Lessons").click()
    page.get_by_role("button", name="Four wirings").click()
    expect_step(page, 1, "four-wirings")
    page.get_by_role("button", name="Leave the lesson").click()
    expect(card(page)).to_have_count(0)
    page.get_by_role("button", name="Lessons").click()
    with page.expect_popup() as paper:
        page.get_by_role("link", name="On paper").first.click()
    expect(paper.value.locator("h1")).to_have_text(lesson_called("first").title)
    page.goto(f"{app_url}/?row=12&view=Which+pixels+mattered%3F")
    page.get_by_role("button", name="Lessons").click()
    page.get_by_role("link", name="Start over").click()
    expect(page.get_by_role("button", name="Read it")).to_be_visible()
    assert page.url == f"{app_url}/"
