"""The Draw page, run in-process without a browser."""

import base64
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import shipped
from mnist_rnn.network.reader import Reader
from ui.stored import shared_test_digits

APP = str(Path(__file__).parents[1] / "app.py")


def stroke(*corners: tuple[float, float]) -> dict:
    """A stroke along straight lines, as the canvas sends it."""
    points = np.array(corners)
    left, top = (points.min(0) + points.max(0)) / 2
    path = [["M", *corners[0]], *(["L", *corner] for corner in corners[1:])]
    return {"type": "Path", "path": path, "left": left, "top": top, "strokeWidth": 20}


ONE = [stroke((140, 40), (140, 240))]
SEVEN = [stroke((80, 60), (200, 60), (130, 230)), stroke((120, 150), (190, 150))]


def draw(page: AppTest, strokes: list[dict]) -> AppTest:
    """What the page is after these strokes, as if it had been left and opened again."""
    page.session_state["drawing"] = {"objects": strokes}
    page.session_state["canvas_version"] = 1
    return page.run()


@pytest.fixture
def page(tmp_path, monkeypatch) -> AppTest:
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    return AppTest.from_file(APP, default_timeout=60).run()


def figure_of(page: AppTest) -> dict:
    assert not page.exception
    return json.loads(page.get("plotly_chart")[0].proto.spec)


def answers(page: AppTest) -> list[str]:
    return [note["text"] for note in figure_of(page)["layout"]["annotations"]]


def test_a_reader_that_is_often_wrong_says_so(page):
    assert not any("is often wrong" in caption.value for caption in page.caption)
    page.multiselect(key="readers").set_value(["cnn_rnn-many_to_one-2016"]).run()
    (said,) = [caption.value for caption in page.caption if "is often wrong" in caption.value]
    assert said.startswith("CNN")
    assert "74% of the test digits" in said


def test_it_opens_with_a_test_digit_read_by_both_heads(page):
    five = load_digits("test").images[load_digits("test").labels == 5][265]
    titles = [entry.title for entry in shipped()[:2]]
    assert "many-to-one" in titles[0]
    assert "many-to-many" in titles[1]
    for entry, shown in zip(shipped()[:2], answers(page)[:2], strict=True):
        reader = Reader.load(entry.path)
        probabilities = reader.read(five).probabilities[-1]
        assert shown == f"<b>{probabilities.argmax()}</b> at {probabilities.max():.0%}"
    assert answers(page)[4:] == [f"<b>{title}</b>" for title in titles]


def test_an_empty_canvas_asks_for_a_digit(page):
    assert "Draw a digit" in page.info[0].value
    assert all(button.disabled for button in page.button)


def test_a_drawing_is_read_and_comes_back_after_another_page_was_open(page):
    before = answers(page)
    draw(page, ONE)
    drawn = answers(page)
    assert drawn != before
    assert not page.info
    page.switch_page("pages/train.py").run()
    page.switch_page("pages/draw.py").run()
    assert answers(page) == drawn


def test_undo_takes_the_last_stroke_and_clear_takes_all(page):
    draw(page, SEVEN)
    page.button[0].click().run()
    assert len(page.session_state["drawing"]["objects"]) == 1
    page.button[1].click().run()
    assert page.session_state["drawing"]["objects"] == []
    assert "Draw a digit" in page.info[0].value


def test_a_dot_gets_a_sentence_and_a_figure_stays(page):
    draw(page, [stroke((90, 60), (90, 60))])
    assert "dot" in page.warning[0].value
    assert answers(page)


def test_a_chosen_test_digit_is_the_image_that_is_read(page):
    page.segmented_control(key="source").set_value("Test digit").run()
    page.pills(key="digit").set_value(3).run()
    page.number_input(key="example").set_value(20).run()
    threes = load_digits("test").images[load_digits("test").labels == 3]
    np.testing.assert_array_equal(heat_map(figure_of(page)["data"][0]["z"]), threes[19])


def test_an_uploaded_picture_is_read(page):
    seven = load_digits("test").images[load_digits("test").labels == 7][0]
    picture = Image.fromarray(255 - seven).resize((280, 280), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    picture.save(file, "PNG")
    page.segmented_control(key="source").set_value("Upload").run()
    page.get("file_uploader")[0].upload("seven.png", file.getvalue(), "image/png").run()
    seen = heat_map(figure_of(page)["data"][0]["z"])
    assert np.abs(seen.astype(int) - seven).mean() < 12


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
    assert answers(page)
    for data in (b"not a picture", picture_of(0)[:200]):
        page.get("file_uploader")[0].upload("broken.png", data, "image/png").run()
        assert len(page.warning) == 1
        assert "test digit" not in page.warning[0].value
        assert not page.get("plotly_chart")
        assert "choose another picture" in page.info[-1].value
        assert page.multiselect(key="readers").value
    page.get("file_uploader")[0].upload("seven.png", picture_of(0), "image/png").run()
    assert answers(page)


def test_of_several_digits_on_a_picture_the_chosen_one_is_read(page):
    upload(page, "sheet.png", picture_of(0, 1, 2))  # 7, 2 and 1
    assert "3 digits" in page.info[0].value
    assert len(page.get("image")) == 1
    for number in (1, 2, 3):
        page.pills[0].set_value(number).run()
        seen = heat_map(figure_of(page)["data"][0]["z"])
        true = load_digits("test").images[number - 1]
        assert np.abs(seen.astype(int) - true).mean() < 12


def test_the_picture_is_shown_though_there_is_one_digit_on_it(page):
    upload(page, "seven.png", picture_of(0))
    assert len(page.get("image")) == 1
    assert not page.info
    assert not page.pills


def test_a_drawn_seventeen_is_two_digits_to_choose_from(page):
    one = stroke((60, 80), (60, 200))
    seven = [stroke((130, 80), (220, 80), (160, 200)), stroke((160, 140), (205, 140))]
    draw(page, [one, *seven])
    assert "2 digits" in page.info[0].value
    assert all("<b>1</b>" in answer for answer in answers(page)[:2])
    page.pills[0].set_value(2).run()
    assert all("<b>7</b>" in answer for answer in answers(page)[:2])


def test_without_a_reader_it_asks_for_one(page):
    page.multiselect(key="readers").set_value([]).run()
    assert not page.exception
    assert "Choose a reader" in page.info[-1].value


def test_a_damaged_reader_gets_a_sentence_and_the_others_still_read(page, tmp_path, monkeypatch):
    folder = tmp_path / "weights"
    folder.mkdir()
    good = shipped()[0]
    (folder / good.path.name).write_bytes(good.path.read_bytes())
    (folder / "rnn-many_to_many-torn.safetensors").write_bytes(good.path.read_bytes()[:1000])
    monkeypatch.setattr("mnist_rnn.network.catalog.shipped.__defaults__", (folder,))
    page.run()
    page.multiselect(key="readers").set_value([good.key, "rnn-many_to_many-torn"]).run()
    assert "rnn-many_to_many-torn" in page.warning[0].value
    assert len(figure_of(page)["layout"]["annotations"]) == 3


def heat_map(values: object) -> np.ndarray:
    """A matrix as Plotly sends it: lists, or a base64-encoded typed array."""
    if isinstance(values, list):
        return np.array(values)
    shape = tuple(int(length) for length in values["shape"].split(","))
    return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).reshape(shape)


def test_a_link_opens_the_page_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    page = AppTest.from_file(APP, default_timeout=60)
    title = shipped()[1].title
    link = {"source": "Test digit", "digit": "3", "example": "20", "row": "12", "readers": title}
    for name, value in link.items():
        page.query_params[name] = value
    page.run()
    threes = load_digits("test").images[load_digits("test").labels == 3]
    figure = figure_of(page)
    np.testing.assert_array_equal(heat_map(figure["data"][0]["z"]), threes[19])
    assert figure["layout"]["sliders"][0]["active"] == 11
    assert f"<b>{title}</b>" in answers(page)


@pytest.mark.parametrize("row", ["0", "99", "-3", "twelve", ""])
def test_a_link_with_no_such_row_still_opens(row, tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    page = AppTest.from_file(APP, default_timeout=60)
    page.query_params["row"] = row
    page.query_params["view"] = "<script>"
    page.query_params["digit"] = "77"
    page.run()
    assert figure_of(page)["layout"]["sliders"][0]["active"] in (0, 27)


def test_a_drawing_with_too_much_on_it_can_still_be_cleared(page):
    scribble = [(float(x % 280), float(x % 270)) for x in range(25_000)]
    draw(page, [stroke(*scribble)])
    assert "Clear" in page.warning[0].value
    page.button[1].click().run()
    assert page.session_state["drawing"]["objects"] == []
    assert not page.warning


def test_missing_mnist_gives_one_sentence_on_the_page(tmp_path, monkeypatch):
    def missing(part: str) -> None:
        raise UserError(f"The {part} images are missing.")

    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    monkeypatch.setattr("ui.stored.load_digits", missing)
    page = AppTest.from_file(APP, default_timeout=60)
    shared_test_digits.cache_clear()
    page.run()
    assert not page.exception
    assert [error.value for error in page.error] == ["The test images are missing."]
