"""Journeys through the Draw page in a real browser: what is drawn, and who keeps it."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from mnist_rnn.digits.mnist import load_digits
from tests.stage.journey import (
    BAR,
    SEVEN,
    assert_alike,
    expect_answers,
    expect_ink,
    expect_known,
    expect_picture,
    expect_row,
    networks,
    open_stage,
    picture,
    stroke,
    undo,
)

pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)


def test_draw_a_digit_and_read_the_answer(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?row=28")
    expect_answers(page, "5", "5")
    stroke(page, SEVEN)
    expect_answers(page, "7", "7")
    expect_known(page)
    expect_answers(page, "7", "7")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("Draw a digit")).to_be_visible()
    expect_row(page, 0)
    expect_answers(page, "", "")
    expect(page.get_by_role("button", name="Read it")).to_be_visible()


def test_the_last_live_picture_is_the_one_that_stays(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url)
    stroke(page, SEVEN, lift=False)
    expect(networks(page).first).to_contain_text("So far.")
    live = picture(page)
    page.mouse.up()
    expect_known(page)
    expect(networks(page).first).to_contain_text("Asked once: 7,")
    assert_alike(picture(page), live)
    stroke(page, BAR, lift=False)
    live = picture(page)
    page.mouse.up()
    page.wait_for_timeout(1500)
    assert_alike(picture(page), live)


def test_undo_takes_the_last_stroke_back(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url)
    stroke(page, SEVEN)
    expect_known(page)
    one_stroke = picture(page)
    stroke(page, BAR)
    expect_known(page)
    assert picture(page) != one_stroke
    undo(page).click()
    expect_picture(page, one_stroke)
    expect_ink(page)
    stroke(page, BAR)
    expect_known(page)
    assert picture(page) != one_stroke
    undo(page).click()
    expect_picture(page, one_stroke)


def test_the_drawing_survives_a_look_at_another_page(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url)
    stroke(page, SEVEN)
    expect_known(page)
    drawn = picture(page)
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    expect(networks(page)).to_have_count(2)
    expect_row(page, 28)
    expect_picture(page, drawn)
    stroke(page, BAR)
    expect_known(page)
    assert picture(page) != drawn
    undo(page).click()
    expect_picture(page, drawn)


def test_an_uploaded_picture_is_read(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?row=28")
    upload(page, jpeg_of(0))
    expect_answers(page, "7", "7")
    expect(page).to_have_url(re.compile("picture="))
    page.reload()
    expect_answers(page, "7", "7")
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    expect(networks(page)).to_have_count(2)
    page.get_by_role("heading", level=1).click()  # A control that has the focus keeps the keys.
    page.keyboard.press("End")
    expect_answers(page, "7", "7")
    upload(page, jpeg_of(1))
    expect_answers(page, "2", "2")
    page.get_by_role("button", name="Remove digits.jpg").last.click()
    expect_answers(page, "5", "5")
    expect(page).not_to_have_url(re.compile("picture="))


def jpeg_of(*numbers: int) -> bytes:
    """Test digits side by side, black on white."""
    images = load_digits("test").images[list(numbers)]
    paper = Image.fromarray(255 - np.concatenate(images, 1)).resize((300 * len(numbers), 300))
    file = io.BytesIO()
    paper.save(file, "JPEG")
    return file.getvalue()


def upload(page: Page, data: bytes) -> None:
    page.get_by_role("radio", name="Upload").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "digits.jpg", "mimeType": "image/jpeg", "buffer": data}
    )


def test_the_digit_that_is_clicked_on_a_picture_is_read(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?row=28")
    upload(page, jpeg_of(0, 1, 2))
    boxes = page.locator(".photo button")
    expect(boxes).to_have_count(3)
    expect_answers(page, "7", "7")
    for number, answer in ((1, "2"), (2, "1"), (0, "7")):
        boxes.nth(number).click()
        expect_answers(page, answer, answer)
        expect(page.locator(".photo button[aria-pressed=true]")).to_have_count(1)
        expect(boxes.nth(number)).to_have_attribute("aria-pressed", "true")
    # By keys alone: the focus stays where it was.
    for answer in ("2", "1"):
        boxes.nth(0).focus() if answer == "2" else None
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect_answers(page, answer, answer)


def test_a_picture_that_cannot_be_read_leaves_no_answer(browser_page, app_url):
    page = browser_page
    open_stage(page, app_url, "?row=28")
    upload(page, jpeg_of(0))
    expect_answers(page, "7", "7")
    upload(page, b"no picture")
    expect(page.get_by_text("choose another picture")).to_be_visible()
    expect(page.locator(".stage")).to_have_count(0)
    expect(page.locator(".photo")).to_have_count(0)
    upload(page, jpeg_of(1))
    expect_answers(page, "2", "2")


ONE, SMALL_SEVEN = [(60, 80), (60, 220)], [(130, 80), (220, 80), (165, 220)]


def test_of_two_drawn_digits_one_is_read_and_the_next_stroke_is_seen_with_both(
    browser_page, app_url
):
    page = browser_page
    open_stage(page, app_url)
    stroke(page, SMALL_SEVEN)
    expect_answers(page, "7", "7")
    seven = picture(page)
    which = page.get_by_role("radiogroup", name="2 digits: read which?")
    expect(which).to_be_hidden()
    stroke(page, ONE, lift=False)
    both = picture(page)
    page.mouse.up()
    expect(which).to_be_visible()
    expect_answers(page, "1", "1")
    which.get_by_role("radio", name="2").click()
    expect_answers(page, "7", "7")
    assert_alike(picture(page), seven)
    stroke(page, [(130, 150), (200, 150)], lift=False)
    expect(networks(page).first).to_contain_text("So far.")
    three = picture(page)
    assert three not in (seven, both)
    page.mouse.up()
    expect_known(page)
    expect_answers(page, "7", "7")
    assert picture(page) not in (three, seven)
    undo(page).click()
    expect_answers(page, "7", "7")
    expect_picture(page, seven)
    undo(page).click()
    expect(which).to_be_hidden()
    expect_picture(page, seven)
