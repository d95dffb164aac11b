"""The command evaluate: of readers and of what draws, in words and in JSON."""

import json

import numpy as np
import pytest

from mnist_rnn.__main__ import main
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.handwriting import at_random
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.evaluation.calibration import tempered
from mnist_rnn.network import weights
from mnist_rnn.network.catalog import SHIPPED
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from tests.networks import random_tensors


def test_evaluation_in_json(reader_file, capsys) -> None:
    assert main(["evaluate", str(reader_file), "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["file"] == str(reader_file)
    assert result["epochs_done"] == 3
    assert len(result["test_accuracy_by_timestep"]) == 28
    assert len(result["test_accuracy_by_digit"]) == 10
    assert result["test_accuracy"] == result["test_accuracy_by_timestep"][-1]
    assert 0 < result["test_calibration_error"] < 1
    assert 0.1 < result["no_digit_top_probability"] < 1
    assert 0 <= result["no_digit_almost_sure"] <= 1
    assert ModelConfig.from_dict(result["model"]) == ModelConfig()


def test_evaluation_in_words(reader_file, capsys) -> None:
    assert main(["evaluate", str(reader_file), str(reader_file)]) == 0
    shown = capsys.readouterr().out
    assert shown.count("of the test digits") == 2
    assert "by timestep: 1: " in shown
    assert "by digit:    0: " in shown
    assert shown.count("calibration error: ") == 2
    assert shown.count("drawings that are no digits: ") == 2


def test_evaluation_of_a_calibrated_reader_tells_what_it_was_before(capsys, tmp_path) -> None:
    config = ModelConfig(units=3)
    tensors, paths = random_tensors(config), [tmp_path / "as-trained", tmp_path / "calibrated"]
    weights.save(paths[0], tensors, Card(config))
    weights.save(paths[1], tempered(tensors, 0.2), Card(config, temperature=0.2))
    assert main(["evaluate", *map(str, paths), "--json"]) == 0
    before, after = json.loads(capsys.readouterr().out)
    assert "test_calibration_error_before" not in before
    told = after["test_calibration_error_before"]
    assert told == pytest.approx(before["test_calibration_error"], rel=1e-3)
    assert told != pytest.approx(after["test_calibration_error"], rel=1e-2)
    assert main(["evaluate", str(paths[1])]) == 0
    assert f"({told:.2%} before calibration)" in capsys.readouterr().out


def test_evaluation_of_drawings(drawer_file, reader_file, capsys, monkeypatch) -> None:
    monkeypatch.setattr("mnist_rnn.commands.evaluate.DRAWINGS", 200)
    assert main(["evaluate", str(drawer_file), "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    drawer = Drawer.load(drawer_file)
    styles = at_random(200, 4, np.random.default_rng(0))
    drawing = drawer.draw_batch(np.arange(200) % 10, styles)
    judge = Reader.load(SHIPPED / "cnn_rnn-many_to_one-classroom.safetensors")
    answers = judge.read_batch(drawing.image).answers[:, -1]
    assert result["recognised"] == pytest.approx((answers == np.arange(200) % 10).mean())
    assert np.mean(result["recognised_by_digit"]) == pytest.approx(result["recognised"])
    assert result["variety"] == pytest.approx(np.mean(result["variety_by_digit"]))
    test = load_digits("test")
    drawn, written = (
        images.astype(float).std(0, ddof=1)
        for images in (drawing.image[3::10], test.images[test.labels == 3])
    )
    expected = np.sqrt((drawn**2).mean() / (written**2).mean())
    assert result["variety_by_digit"][3] == pytest.approx(expected)
    assert main(["evaluate", str(drawer_file), str(drawer_file)]) == 0
    shown = capsys.readouterr().out
    assert shown.count("of 200 drawings recognised by") == 2
    assert shown.count("variety: ") == 2
