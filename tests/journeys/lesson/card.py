"""A lesson's card in a real browser: its question, and what is told once it is answered."""

import re

from playwright.sync_api import Locator, Page, expect

from ui.lesson.place import address, lesson_called


def card(page: Page) -> Locator:
    return page.locator(".st-key-lesson")


def question(page: Page) -> Locator:
    return card(page).locator("h2")


def sentence(page: Page) -> Locator:
    return page.locator(".st-key-sentence")


def expect_step(page: Page, number: int, lesson: str = "first") -> None:
    """The question of this step is on the card, and nothing is told yet."""
    said = re.compile(rf"[?&]lesson={re.escape(address(lesson, number))}(&|$)")
    expect(page).to_have_url(said)
    title = f"{number}. {lesson_called(lesson).steps[number - 1].title}"
    expect(page.locator("h1")).to_have_text([title])
    expect(sentence(page)).to_have_count(0)
    # The keys press its buttons.
    expect(page.locator(".st-key-on button")).to_be_visible()
    page.wait_for_selector('[data-test-script-state="notRunning"]')


def expect_told(page: Page) -> None:
    """There is an answer, with numbers in the place of their names."""
    expect(sentence(page)).to_contain_text(re.compile(".{15}"))
    words = card(page).inner_text()
    assert not re.search(r"[{}]", words)
