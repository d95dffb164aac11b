"""The Draw page, run in-process without a browser."""

import io
import json
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load as parse_safetensors
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.strokes import Stroke, strokes_from_canvas
from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import OPENING, shipped
from mnist_rnn.network.reader import Reader
from tests.pages.test_memory_views import figure_of, numbers
from ui.stored import memories_of, shared_test_digits

APP = str(Path(__file__).parents[2] / "app.py")


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


def button(page: AppTest, label: str) -> Button:
    (found,) = (button for button in page.button if button.label == label)
    return found


@pytest.fixture
def page(tmp_path, monkeypatch) -> AppTest:
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    return AppTest.from_file(APP, default_timeout=60).run()


def test_a_reader_of_the_address_that_is_not_here_is_told(page):
    assert not page.warning
    page.query_params["readers"] = [OPENING[0], "20200101-000000-000000-00000000"]
    page.run()
    assert not page.exception
    assert ["is not here" in warning.value for warning in page.warning] == [True]


def test_a_picture_of_the_address_that_is_none_is_told_and_nothing_is_read(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    page = AppTest.from_file(APP, default_timeout=60)
    page.query_params["source"], page.query_params["picture"] = "Upload", "AAAA"
    page.run()
    assert not page.exception
    assert [warning.value for warning in page.warning] == [
        "The picture in this address can't be read."
    ]
    assert not components(page, "stage")


def components(page: AppTest, name: str) -> list:
    assert not page.exception
    found = [element.proto for element in page.get("bidi_component")]
    return [proto for proto in found if proto.component_name == name]


def told(page: AppTest) -> dict:
    """What the stage is told."""
    (stage,) = components(page, "reading_stage")
    return json.loads(stage.json)


def image_of(page: AppTest) -> np.ndarray:
    """The image that the stage is told to show, as nothing drawn is."""
    return np.frombuffer(b64decode(told(page)["image"]), np.uint8).reshape(28, 28)


def strokes_of(page: AppTest) -> list[Stroke]:
    """The strokes that the stage is told, unpacked."""
    return [Stroke(unpacked(text), width) for width, text in told(page)["strokes"]]


def unpacked(text: str) -> np.ndarray:
    """Points (n, 2), of how the steps between them change, as sint32 in hundredths."""
    changes, number, shift = [], 0, 0
    for byte in b64decode(text):
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            changes.append(number >> 1 ^ -(number & 1))
            number, shift = 0, 0
    return np.reshape(changes, (-1, 2)).cumsum(0).cumsum(0) / 100


def test_a_reader_that_is_often_wrong_says_so(page):
    assert not any("is often wrong" in caption.value for caption in page.caption)
    page.multiselect(key="readers").set_value(["cnn_rnn-many_to_one-2016"]).run()
    (said,) = [caption.value for caption in page.caption if "is often wrong" in caption.value]
    assert said.startswith("CNN")
    assert "74% of the test digits" in said


def test_it_opens_with_a_test_digit_read_by_both_heads(page):
    five = load_digits("test").images[load_digits("test").labels == 5][265]
    np.testing.assert_array_equal(image_of(page), five)
    assert told(page)["label"] == 5
    assert told(page)["row"] == 0
    networks = told(page)["networks"]
    assert [network["title"] for network in networks] == [e.title for e in shipped()[:2]]
    for entry, network, sent in zip(
        shipped()[:2], networks, components(page, "reading_weights"), strict=True
    ):
        reader = Reader.load(entry.path)
        tensors = parse_safetensors(sent.bytes)
        header = json.loads(sent.bytes[8 : 8 + int.from_bytes(sent.bytes[:8], "little")])
        assert json.loads(header["__metadata__"]["name"]) == network["name"]
        means = tensors.pop("memory.means")
        np.testing.assert_array_equal(means, memories_of(reader))
        assert tensors.keys() == reader.tensors.keys()
        for name, tensor in reader.tensors.items():
            np.testing.assert_array_equal(tensors[name], tensor)


def test_the_line_below_the_title_says_what_is_shown(page):
    assert "One is asked once" in told(page)["lede"]
    page.multiselect(key="readers").set_value(["lstm-many_to_one-10_epochs", OPENING[0]]).run()
    assert "One is asked once" not in told(page)["lede"]


def test_an_empty_canvas_asks_for_a_digit(page):
    assert "Draw a digit" in page.info[0].value
    assert all(button(page, label).disabled for label in ("Undo", "Clear"))


def test_a_drawing_is_read_and_comes_back_after_another_page_was_open(page):
    draw(page, ONE)
    drawn = told(page)
    assert drawn["image"] is None
    assert drawn["label"] is None
    (sent,) = strokes_of(page)
    (stroke,) = strokes_from_canvas({"objects": ONE})
    np.testing.assert_array_equal(sent.points, stroke.points)
    assert sent.width == stroke.width
    assert not page.info
    page.switch_page("pages/train.py").run()
    page.switch_page("pages/draw.py").run()
    assert strokes_of(page)[0].points.tolist() == sent.points.tolist()


def test_undo_takes_the_last_stroke_and_clear_takes_all(page):
    draw(page, SEVEN)
    button(page, "Undo").click().run()
    assert len(page.session_state["drawing"]["objects"]) == 1
    button(page, "Clear").click().run()
    assert page.session_state["drawing"]["objects"] == []
    assert "Draw a digit" in page.info[0].value


def test_a_dot_gets_a_sentence_and_a_figure_stays(page):
    draw(page, [stroke((90, 60), (90, 60))])
    assert "dot" in page.warning[0].value
    assert image_of(page).any()
    assert len(strokes_of(page)) == 1


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


SEVENTEEN = [
    stroke((60, 80), (60, 200)),
    stroke((130, 80), (220, 80), (160, 200)),
    stroke((160, 140), (205, 140)),
]


def test_a_drawn_seventeen_is_two_digits_to_choose_from(page):
    draw(page, SEVENTEEN)
    assert "2 digits" in page.pills[0].label
    assert told(page)["chosen"] == [0]
    page.pills[0].set_value(2).run()
    assert told(page)["chosen"] == [1, 2]
    assert len(strokes_of(page)) == 3
    for _ in range(2):
        button(page, "Undo").click().run()
    assert not page.pills
    assert told(page)["chosen"] == [0]


def test_other_views_read_the_chosen_one_of_two_drawn_digits(page):
    draw(page, SEVENTEEN)
    page.segmented_control(key="view").set_value("Which pixels mattered?").run()
    for number, of_it in ((1, SEVENTEEN[:1]), (2, SEVENTEEN[1:])):
        page.pills[0].set_value(number).run()
        alone = drawing_to_image(strokes_from_canvas({"objects": of_it}))
        assert numbers(figure_of(page)["data"][0]["z"]).tolist() == alone.tolist()


def test_without_a_reader_it_asks_for_one(page):
    page.multiselect(key="readers").set_value([]).run()
    assert not page.exception
    assert "Choose a network" in page.info[-1].value


def test_a_damaged_reader_gets_a_sentence_and_the_others_still_read(page, tmp_path, monkeypatch):
    folder = tmp_path / "weights"
    folder.mkdir()
    good = shipped()[0]
    (folder / good.path.name).write_bytes(good.path.read_bytes())
    (folder / "rnn-many_to_many-torn.safetensors").write_bytes(good.path.read_bytes()[:1000])
    for listed in ("shipped", "left_out"):
        monkeypatch.setattr(f"mnist_rnn.network.catalog.{listed}.__defaults__", (folder,))
    page.run()
    assert "rnn-many_to_many-torn" in page.warning[0].value
    assert [network["key"] for network in told(page)["networks"]] == [good.key]


def test_a_link_opens_the_page_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    page = AppTest.from_file(APP, default_timeout=60)
    title = shipped()[1].title
    link = {"source": "Test digit", "digit": "3", "example": "20", "row": "12", "readers": title}
    link["show"] = "peek hide nonsense"
    for name, value in link.items():
        page.query_params[name] = value
    page.run()
    threes = load_digits("test").images[load_digits("test").labels == 3]
    np.testing.assert_array_equal(image_of(page), threes[19])
    assert told(page)["row"] == 12
    assert told(page)["on"] == ["peek", "hide"]
    assert [network["title"] for network in told(page)["networks"]] == [title]


@pytest.mark.parametrize("row", ["0", "99", "-3", "twelve", ""])
def test_a_link_with_no_such_row_still_opens(row, tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    page = AppTest.from_file(APP, default_timeout=60)
    page.query_params["row"] = row
    page.query_params["view"] = "<script>"
    page.query_params["digit"] = "77"
    page.run()
    assert told(page)["row"] in (1, 28)


def test_a_drawing_with_too_much_on_it_can_still_be_cleared(page):
    scribble = [(float(x % 280), float(x % 270)) for x in range(25_000)]
    draw(page, [stroke(*scribble)])
    assert "Clear" in page.warning[0].value
    button(page, "Clear").click().run()
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


def test_the_views_share_a_row_with_the_stage(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    page = AppTest.from_file(APP, default_timeout=60)
    page.query_params["row"] = "12"
    page.run()
    turn = told(page)["turn"]
    page.segmented_control(key="view").set_value("Which pixels mattered?").run()
    page.slider(key="row").set_value(9).run()
    assert page.query_params["row"] == "9"
    page.segmented_control(key="view").set_value("Row by row").run()
    assert told(page)["row"] == 9
    assert told(page)["turn"] > turn
    page.run()
    assert told(page)["turn"] == turn + 1
