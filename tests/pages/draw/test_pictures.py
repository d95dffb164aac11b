"""Test digits and uploaded pictures on the Draw page."""

import io
import json
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from mnist_rnn.digits.mnist import load_digits
from tests.pages.draw_page import components, image_of, told


def test_a_chosen_test_digit_is_the_image_that_is_read(page):
    page.segmented_control(key="source").set_value("Test digit").run()
    page.pills(key="digit").set_value(3).run()
    page.number_input(key="example").set_value(20).run()
    threes = load_digits("test").images[load_digits("test").labels == 3]
    np.testing.assert_array_equal(image_of(page), threes[19])
    assert told(page)["label"] == 3


def test_an_uploaded_picture_is_read(page):
    seven = load_digits("test").images[load_digits("test").labels == 7][0]
    picture = Image.fromarray(255 - seven).resize((280, 280), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    picture.save(file, "PNG")
    page.segmented_control(key="source").set_value("Upload").run()
    page.get("file_uploader")[0].upload("seven.png", file.getvalue(), "image/png").run()
    assert np.abs(image_of(page).astype(int) - seven).mean() < 12
    assert told(page)["label"] is None


def upload(page, name, data):
    page.segmented_control(key="source").set_value("Upload").run()
    page.get("file_uploader")[0].upload(name, data, "image/png").run()


def picture_of(*numbers):
    """A PNG of test digits side by side, black on white."""
    digits = load_digits("test").images[list(numbers)]
    large = Image.fromarray(255 - np.concatenate(digits, 1)).resize((280 * len(numbers), 280))
    file = io.BytesIO()
    large.save(file, "PNG")
    return file.getvalue()


def test_a_picture_that_cannot_be_read_leaves_no_answer_of_another_digit(page):
    upload(page, "seven.png", picture_of(0))
    assert image_of(page).any()
    for data in (b"not a picture", picture_of(0)[:200]):
        page.get("file_uploader")[0].upload("broken.png", data, "image/png").run()
        assert len(page.warning) == 1
        assert "test digit" not in page.warning[0].value
        assert not components(page, "reading_stage")
        assert not components(page, "reading_photo")
        assert "choose another picture" in page.info[-1].value
        assert page.multiselect(key="readers").value
    page.get("file_uploader")[0].upload("seven.png", picture_of(0), "image/png").run()
    assert image_of(page).any()


def photo_of(page: AppTest) -> dict:
    """The picture and its boxes, as the browser is told of them."""
    (photo,) = components(page, "reading_photo")
    return json.loads(photo.json)


def test_the_picture_is_shown_with_the_box_that_was_cut_out(page):
    upload(page, "seven.png", picture_of(0))
    photo = photo_of(page)
    picture = Image.open(io.BytesIO(b64decode(photo["picture"].partition(",")[2])))
    assert picture.size == (280, 280)
    rows, columns = np.nonzero(np.asarray(picture) < 128)
    (box,) = photo["boxes"]
    assert (box["left"], box["top"]) == pytest.approx(
        (columns.min() / 2.8, rows.min() / 2.8), abs=4
    )
    assert box["width"] == pytest.approx(np.ptp(columns) / 2.8, abs=8)
    assert box["height"] == pytest.approx(np.ptp(rows) / 2.8, abs=8)
    assert not any("digits" in said.value for said in page.markdown)


def test_several_digits_on_a_picture_have_a_box_each(page):
    upload(page, "sheet.png", picture_of(0, 1, 2))  # 7, 2 and 1
    assert any("3 digits" in said.value for said in page.markdown)
    lefts = [box["left"] for box in photo_of(page)["boxes"]]
    assert lefts == sorted(lefts)
    assert len(lefts) == 3
    assert photo_of(page)["chosen"] == 0
    assert np.abs(image_of(page).astype(int) - load_digits("test").images[0]).mean() < 12
