"""The Draw page as it opens, by itself and by a link, and the readers chosen there."""

import json

import numpy as np
import pytest
from safetensors.numpy import load as parse_safetensors

from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import OPENING, SHIPPED, shipped
from mnist_rnn.network.reader import Reader
from tests.pages.draw_page import components, image_of, told
from tests.pages.in_process import opened_app
from ui.stored import memories_of, shared_test_digits


def test_a_reader_of_the_address_that_is_not_here_is_told(page):
    assert not page.warning
    page.query_params["readers"] = [OPENING[0], "20200101-000000-000000-00000000"]
    page.run()
    assert not page.exception
    assert ["is not here" in warning.value for warning in page.warning] == [True]


def test_a_picture_of_the_address_that_is_none_is_told_and_nothing_is_read():
    page = opened_app()
    page.query_params["source"], page.query_params["picture"] = "Upload", "AAAA"
    page.run()
    assert not page.exception
    assert [warning.value for warning in page.warning] == [
        "The picture in this address can't be read."
    ]
    assert not components(page, "stage")


def test_a_reader_that_is_often_wrong_says_so(page):
    assert not any("is often wrong" in caption.value for caption in page.caption)
    page.multiselect(key="readers").set_value(["cnn_rnn-many_to_one-2016"]).run()
    (said,) = [caption.value for caption in page.caption if "is often wrong" in caption.value]
    file = (SHIPPED / "cnn_rnn-many_to_one-2016.safetensors").read_bytes()
    header = json.loads(file[8 : 8 + int.from_bytes(file[:8], "little")])
    accuracy = json.loads(header["__metadata__"]["accuracy_by_timestep"])[-1]
    assert said.startswith("CNN")
    assert f"it gets {100 * accuracy:.0f}% of the test digits right." in said


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


def test_a_link_opens_the_page_as_it_was():
    page = opened_app()
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
def test_a_link_with_no_such_row_still_opens(row):
    page = opened_app()
    page.query_params["row"] = row
    page.query_params["view"] = "<script>"
    page.query_params["digit"] = "77"
    page.run()
    assert told(page)["row"] in (1, 28)


def test_missing_mnist_gives_one_sentence_on_the_page(monkeypatch):
    def missing(part: str) -> None:
        raise UserError(f"The {part} images are missing.")

    monkeypatch.setattr("ui.stored.load_digits", missing)
    page = opened_app()
    shared_test_digits.cache_clear()
    page.run()
    assert not page.exception
    assert [error.value for error in page.error] == ["The test images are missing."]


def test_the_views_share_a_row_with_the_stage():
    page = opened_app()
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
