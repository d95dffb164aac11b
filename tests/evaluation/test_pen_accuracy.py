"""Pen digits are drawn on the canvas and counted."""

import json
import math

import numpy as np
import pytest

from mnist_rnn.__main__ import main
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.pen_digits import PenDigit, as_digits, load_pens
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.accuracy import Evaluation
from mnist_rnn.evaluation.pen_accuracy import contact_sheet, interval_by_writer, load_pen_digits
from mnist_rnn.network.weights import Card, save, shapes

SEVEN = {"label": 7, "donor": "a", "strokes": [[[0, 0], [600, 0], [200, 1000]]]}
FOUR = {
    "label": 4,
    "donor": "b",
    "strokes": [[[0.3, 0], [0, 0.6], [0.6, 0.6]], [[0.5, 0.3], [0.5, 1]]],
}


def written(folder, stored):
    path = folder / "pen.json"
    path.write_text(json.dumps(stored))
    return path


def test_digits_are_drawn_in_the_middle_of_the_canvas_whatever_their_units(tmp_path):
    for digit in load_pen_digits(written(tmp_path, [SEVEN, FOUR])):
        points = np.concatenate([stroke.points for stroke in digit.strokes])
        assert points.min(0)[1] == pytest.approx(40, abs=1)
        assert points.max(0)[1] == pytest.approx(240, abs=1)
        assert (points.min(0) + points.max(0)) / 2 == pytest.approx([140, 140], abs=15)
        assert {stroke.width for stroke in digit.strokes} == {20.0}


def test_their_images_are_those_of_drawings(tmp_path):
    digits = as_digits(load_pen_digits(written(tmp_path, [SEVEN, FOUR])))
    assert digits.images.shape == (2, 28, 28)
    assert digits.images.dtype == np.uint8
    assert digits.labels.tolist() == [7, 4]


@pytest.mark.parametrize(
    "damage",
    [
        {"label": 10},
        {"label": True},
        {"label": "7"},
        {"strokes": []},
        {"strokes": [[]]},
        {"strokes": [[[1, 2, 3]]]},
        {"strokes": [[[1, 2]]]},
        {"strokes": [[[1, 2], [3, None]]]},
        {"strokes": [[[1, 2], [3, math.nan]]]},
        {"strokes": [[[1, 2], [3, 1e400]]]},
        {"strokes": 5},
    ],
)
def test_a_damaged_digit_is_named(damage, tmp_path):
    with pytest.raises(UserError, match=r"Digit 1 in .* is damaged"):
        load_pen_digits(written(tmp_path, [SEVEN, SEVEN | damage]))


def test_a_digit_of_dots_is_named(tmp_path):
    dots = SEVEN | {"strokes": [[[0, 0]], [[0, 9]]]}
    with pytest.raises(UserError, match=r"Digit 1 .* nothing but dots"):
        as_digits(load_pen_digits(written(tmp_path, [SEVEN, dots])))


@pytest.mark.parametrize("stored", [{}, [], 3, None])
def test_anything_else_is_refused(stored, tmp_path):
    with pytest.raises(UserError, match="must hold a list"):
        load_pen_digits(written(tmp_path, stored))


def test_a_file_that_is_missing_or_no_json_gets_a_sentence(tmp_path):
    with pytest.raises(UserError, match="can't be read"):
        load_pen_digits(tmp_path / "none.json")
    (tmp_path / "bad.json").write_bytes(b"\xff[")
    with pytest.raises(UserError, match="not a JSON file"):
        load_pen_digits(tmp_path / "bad.json")


def test_the_contact_sheet_shows_the_failures(tmp_path):
    digits = as_digits(load_pen_digits(written(tmp_path, [SEVEN, FOUR])))
    right = np.array([[7], [4]])
    none, one = (
        np.asarray(contact_sheet(digits, Evaluation(answers, digits.labels, np.ones(2))))
        for answers in (right, np.array([[7], [9]]))
    )
    assert none.shape == one.shape
    assert len(np.unique(none)) == 1
    assert one.max() == 255


@pytest.fixture
def reader_file(tmp_path):
    config = ModelConfig()
    random = np.random.default_rng(0)
    tensors = {
        name: random.normal(0, 0.1, shape).astype(np.float32)
        for name, shape in shapes(config).items()
    }
    path = tmp_path / "reader.safetensors"
    save(path, tensors, Card(config))
    return path


def test_the_command_line_measures_pen_digits(reader_file, tmp_path, capsys):
    pen, sheet = written(tmp_path, [SEVEN, FOUR]), tmp_path / "failures.png"
    options = ["--pen-digits", str(pen), "--contact-sheet", str(sheet), "--json"]
    assert main(["evaluate", str(reader_file), *options]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert np.sum(result["pen_confusion"]) == 2
    assert {"ones_by_rule", "zeros_by_rule"} <= set(result)
    assert result["pen_accuracy_by_digit"][0] is None
    assert sheet.read_bytes().startswith(b"\x89PNG")
    assert main(["evaluate", str(reader_file), *options[:2]]) == 0
    assert "of the pen digits" in capsys.readouterr().out


def test_without_a_file_the_writers_that_only_report_are_read(reader_file, tmp_path, capsys):
    sheet = tmp_path / "failures.png"
    options = ["--contact-sheet", str(sheet), "--json"]
    assert main(["evaluate", str(reader_file), *options]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert np.sum(result["pen_confusion"]) == len(load_pens("report"))
    low, high = result["pen_accuracy_interval"]
    assert low < result["pen_accuracy"] < high
    assert sheet.read_bytes().startswith(b"\x89PNG")


def test_a_contact_sheet_of_two_readers_is_refused(reader_file, tmp_path, capsys):
    files = [str(reader_file)] * 2
    assert main(["evaluate", *files, "--contact-sheet", str(tmp_path / "x.png")]) == 2
    assert "exactly one FILE" in capsys.readouterr().err


def test_an_interval_by_writer_is_wide_where_writers_differ():
    written = [PenDigit(0, donor, []) for donor in "abcdefghij" for _ in range(10)]
    donors = np.array([digit.donor for digit in written])
    by_writer = interval_by_writer(donors < "f", written)  # five always right, five never
    by_digit = interval_by_writer(np.arange(100) % 2 == 0, written)  # each half the time
    assert by_digit == (0.5, 0.5)
    low, high = by_writer
    assert low == pytest.approx(0.5 - 1.96 * 0.5 / np.sqrt(10), abs=0.05)
    assert high == pytest.approx(0.5 + 1.96 * 0.5 / np.sqrt(10), abs=0.05)
    assert interval_by_writer(donors < "f", written) == by_writer
