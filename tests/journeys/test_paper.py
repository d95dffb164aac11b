"""Every page has one title and a line on what it is for; lessons come on paper."""

import pytest
from playwright.sync_api import Browser, expect

from tests.pages.in_process import opened_app
from tests.stage.journey import SEVEN, expect_answers, expect_known, open_stage, stroke
from ui.draw.views import VIEWS
from ui.lesson.file import names_of_lessons
from ui.lesson.place import lesson_called

PAGES = ("", "wirings", "train", "runs", "mistakes", "glossary", "handout")


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_one_title_and_a_line(view, tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    page = opened_app().run()
    page.segmented_control(key="view").set_value(view).run()
    assert not page.exception
    assert len(page.title) == (view != next(iter(VIEWS)))


@pytest.mark.browser
@pytest.mark.parametrize("place", PAGES)
def test_a_page_has_one_first_heading(browser_page, app_url, place):
    browser_page.goto(f"{app_url}/{place}")
    expect(browser_page.locator("h1")).to_have_count(1)
    expect(browser_page.locator("h1")).to_be_visible()
    below = browser_page.locator(".st-key-heading p, .stage-lede, .stMarkdown p").first
    expect(below).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("name", names_of_lessons())
def test_a_lesson_comes_on_paper_with_questions_and_no_answers(browser_page, app_url, name):
    page = browser_page
    page.goto(f"{app_url}/handout?of={name}")
    steps = lesson_called(name).steps
    sheets = page.locator("[class*=st-key-sheet-]")
    expect(sheets).to_have_count(len(steps))
    expect(page.locator(".to-write-on")).to_have_count(2 * len(steps))
    words = page.locator(".stMain").inner_text()
    assert not {"{", "}", "\u2713"} & {*words}
    for step in steps:
        assert step.title in words
        for answer in step.answers:
            assert f"\u2610 {answer}" in words
        if "{" not in step.sentence:
            assert step.sentence not in words


@pytest.mark.browser
def test_a_page_is_printed_whole(browser: Browser, app_url):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{app_url}/handout")
    expect(page.locator("[class*=st-key-sheet-]")).to_have_count(7)
    how = page.get_by_text("The browser's menu prints it")
    expect(how).to_be_visible()
    page.emulate_media(media="print")
    expect(how).to_be_hidden()
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    last = page.locator(".to-write-on").last
    assert last.evaluate("""line => {
        const bottom = Math.floor(line.getBoundingClientRect().bottom + window.scrollY);
        return bottom <= document.documentElement.scrollHeight && bottom > innerHeight;
    }""")
    page.close()


@pytest.mark.browser
def test_a_link_and_a_reload_bring_a_drawing_back(browser: Browser, browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?row=28")
    stroke(page, SEVEN)
    expect_known(page)
    expect_answers(page, "7", "7")
    assert "drawn=" in page.url
    assert len(page.url) < 400
    address = page.url
    page.reload()
    expect_answers(page, "7", "7")
    expect_known(page)
    assert page.url == address
    other = browser.new_page()
    other.goto(address)
    expect_answers(other, "7", "7")
    other.get_by_role("button", name="Clear", exact=True).click()
    expect_answers(other, "", "")
    other.wait_for_function("() => !location.search.includes('drawn')")
    other.goto(f"{app_url}/?drawn=__nonsense__")
    expect(other.get_by_text("The drawing in this address can't be read.")).to_be_visible()
    expect_answers(other, "", "")
    other.close()
