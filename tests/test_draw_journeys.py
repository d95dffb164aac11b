"""Journeys through the Draw page in a real browser: what is drawn, and who keeps it."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from mnist_rnn.digits.mnist import load_digits
from tests.stage_journey import (
    BAR,
    SEVEN,
    assert_alike,
    expect_answers,
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
    expect_answers(page, "5", "5")


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
    digits = load_digits("test")
    paper = io.BytesIO()
    Image.fromarray(255 - digits.images[digits.labels == 7][0]).resize((300, 300)).save(
        paper, "JPEG"
    )
    page.get_by_role("radio", name="Upload").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "seven.jpg", "mimeType": "image/jpeg", "buffer": paper.getvalue()}
    )
    expect_answers(page, "7", "7")
