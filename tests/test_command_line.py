"""python -m mnist_rnn: exit status 0, or 2 with one line on standard error."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_rnn.__main__ import main
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.handwriting import at_random
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.evaluation.calibration import tempered
from mnist_rnn.network import weights
from mnist_rnn.network.catalog import SHIPPED, WIRINGS
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from mnist_rnn.presets import PRESETS
from mnist_rnn.progress import EpochDone
from mnist_rnn.settings import settings
from tests.installation import OBEDIENT
from tests.networks import random_tensors

SMALL = ["--units", "5", "--train-images", "300", "--batch-size", "50", "--epochs", "2"]


@pytest.fixture
def reader_file(tmp_path) -> Path:
    path = tmp_path / "reader.safetensors"
    weights.save(path, random_tensors(ModelConfig()), Card(ModelConfig(), epochs_done=3))
    return path


@pytest.fixture
def image_file(tmp_path) -> Path:
    path = tmp_path / "seven.png"
    image = Image.fromarray(load_digits("test").images[0])
    image.resize((280, 280)).save(path)
    return path


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "mnist_rnn", *map(str, arguments)]


def _fails(capsys, *arguments: object) -> str:
    """The one line that a wrong command leaves on standard error, with exit status 2."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as leaving:
        status = leaving.code
    printed = capsys.readouterr()
    assert status == 2
    assert printed.out == ""
    assert printed.err.endswith("\n")
    assert printed.err.count("\n") == 1
    return printed.err


def test_trained_reader_is_saved_with_its_test_accuracy(tmp_path) -> None:
    out = tmp_path / "small.safetensors"
    preset = ["--preset", "rnn-many_to_many-2016"]
    done = subprocess.run(
        _command("train", *preset, *SMALL, "--out", out), capture_output=True, check=True, text=True
    )
    _, card = weights.load(out)
    assert card.model == ModelConfig(head="many_to_many", units=5)
    of_2016 = PRESETS["rnn-many_to_many-2016"].train
    assert card.train == replace(of_2016, epochs=2, train_images=300, batch_size=50)
    assert card.epochs_done == 2
    assert card.test_accuracy is not None
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "epoch 1",
        "epoch 2",
        str(out),
    ]
    assert done.stderr == ""


def test_stopped_training_keeps_its_last_epoch(tmp_path) -> None:
    out = tmp_path / "stopped.safetensors"
    with subprocess.Popen(
        _command("train", *SMALL, "--epochs", "1000", "--out", out), stdout=subprocess.PIPE
    ) as training:
        while not out.exists():
            assert training.poll() is None
            time.sleep(0.05)
        training.send_signal(signal.SIGTERM)
        training.communicate(timeout=60)
    assert training.returncode == 0
    _, card = weights.load(out)
    assert 1 <= card.epochs_done < 1000
    assert card.test_accuracy is not None


def test_best_epoch_is_kept_on_request(tmp_path, monkeypatch) -> None:
    config = ModelConfig(units=2)
    training = TrainConfig(epochs=3)
    epochs = [
        EpochDone(epoch, 1.0, 0.1, 1.0, 0.5, 1.0, (accuracy,) * 28, random_tensors(config, epoch))
        for epoch, accuracy in ((1, 0.5), (2, 0.7), (3, 0.6))
    ]
    monkeypatch.setattr("mnist_rnn.training.loop.train", lambda *_: iter(epochs))
    monkeypatch.setattr("mnist_rnn.training.loop.warm_up", lambda: None)
    for keep, epoch in (("best", 2), ("last", 3)):
        out = tmp_path / f"{keep}.safetensors"
        sizes = ("--units", "2", "--epochs", "3")
        assert main(["train", *sizes, "--keep", keep, "--out", str(out)]) == 0
        tensors, card = weights.load(out)
        assert (card.model, card.train, card.epochs_done) == (config, training, epoch)
        np.testing.assert_array_equal(tensors["head.bias"], epochs[epoch - 1].tensors["head.bias"])


def test_every_setting_is_a_flag(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    shown = capsys.readouterr().out
    for table in (ModelConfig, TrainConfig):
        for name in settings(table):
            assert f"--{name.replace('_', '-')}" in shown


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


def test_reading_an_image(reader_file, image_file, capsys) -> None:
    command = ["read", str(image_file), "--weights", str(reader_file)]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["answer"] == int(np.argmax(found["probabilities"]))
    assert found["answer"] == found["answer_by_timestep"][-1]
    assert np.shape(found["probabilities_by_timestep"]) == (28, 10)
    assert main(command) == 0
    assert capsys.readouterr().out.startswith(f"{found['answer']} (")


def test_network_that_takes_the_whole_image_at_once_has_no_timesteps_to_tell(
    image_file, capsys
) -> None:
    file = str(SHIPPED / "one_to_one-classroom.safetensors")
    assert main(["read", str(image_file), "--weights", file]) == 0
    assert main(["evaluate", file]) == 0
    shown = capsys.readouterr().out
    assert "by digit" in shown
    assert "timestep" not in shown


@pytest.fixture
def drawer_file(tmp_path) -> Path:
    config = ModelConfig(head="one_to_many", styles=4)
    path = tmp_path / "drawer.safetensors"
    weights.save(path, random_tensors(config), Card(config, epochs_done=2))
    return path


def test_drawing_a_digit(drawer_file, tmp_path, capsys) -> None:
    out = tmp_path / "seven.png"
    command = ["draw", "--digit", "7", "--weights", str(drawer_file), "--out", str(out)]
    pictures = []
    for style in ([], ["--style=-1,0,2"], ["--seed", "3"], ["--seed", "3", "--style=1"]):
        assert main([*command, *style]) == 0
        with Image.open(out) as picture:
            assert picture.size == (280, 280)
            pictures.append(np.asarray(picture)[5::10, 5::10])
    assert capsys.readouterr().out.splitlines() == [str(out)] * 4
    drawer = Drawer.load(drawer_file)
    np.testing.assert_array_equal(pictures[0], drawer.draw(7).image)
    np.testing.assert_array_equal(pictures[1], drawer.draw(7, np.array([-1, 0, 2, 0])).image)
    seeded = at_random(1, 4, np.random.default_rng(3))[0]
    np.testing.assert_array_equal(pictures[2], drawer.draw(7, seeded).image)
    np.testing.assert_array_equal(pictures[3], drawer.draw(7, np.append(1, seeded[1:])).image)


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


def test_bad_drawings_are_one_line(capsys, tmp_path, drawer_file, reader_file, image_file) -> None:
    rest = ("--weights", drawer_file, "--out", tmp_path / "a.png")
    assert "--digit" in _fails(capsys, "draw", "--digit", 10, *rest)
    assert "numbers separated" in _fails(capsys, "draw", "--digit", 1, "--style", "bold", *rest)
    assert "at most 4" in _fails(capsys, "draw", "--digit", 1, "--style", "1,2,3,4,5", *rest)
    assert "finite" in _fails(capsys, "draw", "--digit", 1, "--style", "nan", *rest)
    assert "--seed" in _fails(capsys, "draw", "--digit", 1, "--seed", "-1", *rest)
    assert "--size" in _fails(capsys, "draw", "--digit", 1, "--size", "0", *rest)
    nowhere = ("--weights", drawer_file, "--out", tmp_path / "none" / "a.png")
    assert "no folder" in _fails(capsys, "draw", "--digit", 1, *nowhere)
    reader = ("--weights", reader_file, "--out", tmp_path / "a.png")
    assert "does not draw" in _fails(capsys, "draw", "--digit", 1, *reader)
    assert "does not read" in _fails(capsys, "read", image_file, "--weights", drawer_file)
    assert "leave out" in _fails(capsys, "evaluate", drawer_file, "--pen-digits", tmp_path)
    training = ("train", "--head", "one_to_many", "--non-digits", "0.1", "--out", tmp_path / "b")
    assert "names no class" in _fails(capsys, *training)
    backbone = ("train", "--head", "one_to_one", "--backbone", "cnn_rnn", "--out", tmp_path / "b")
    assert "backbone rnn only" in _fails(capsys, *backbone)


def test_bad_arguments_are_one_line(capsys, tmp_path) -> None:
    out = tmp_path / "a.safetensors"
    assert "COMMAND" in _fails(capsys)
    assert "paint" in _fails(capsys, "paint")
    assert "--out" in _fails(capsys, "train")
    assert "no-such" in _fails(capsys, "train", "--preset", "no-such", "--out", out)
    assert "units must be" in _fails(capsys, "train", "--units", "0", "--out", out)
    assert "--units" in _fails(capsys, "train", "--units", "many", "--out", out)
    assert "backbone must be" in _fails(capsys, "train", "--backbone", "cnn", "--out", out)
    assert "learning_rate" in _fails(capsys, "train", "--learning-rate", "nan", "--out", out)
    sizes = ("--train-images", "100", "--batch-size", "200")
    assert "batch_size" in _fails(capsys, "train", *sizes, "--out", out)
    assert "no folder" in _fails(capsys, "train", "--out", tmp_path / "none" / "a.safetensors")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def pen_file(tmp_path) -> Path:
    path = tmp_path / "pen.json"
    points = np.linspace((100, 50), (110, 250), 5).tolist()
    path.write_text(json.dumps([{"label": 1, "donor": "d", "strokes": [points]}]))
    return path


def _writers(reader: Path, drawer: Path, pen: Path) -> list[list[object]]:
    """The start of each command that writes a file; the file's name is to follow."""
    return [
        ["train", *SMALL, "--out"],
        ["draw", "--digit", 1, "--weights", drawer, "--out"],
        ["evaluate", reader, "--pen-digits", pen, "--contact-sheet"],
        ["page", "--weights", reader, "--"],
    ]


def test_a_file_that_cannot_be_written_is_told_before_the_work(
    capsys, tmp_path, reader_file, drawer_file, pen_file
) -> None:
    before = set(tmp_path.iterdir())
    loaded = "tensorflow" in sys.modules  # by another test, perhaps
    for command in _writers(reader_file, drawer_file, pen_file):
        assert "is a folder" in _fails(capsys, *command, tmp_path)
        assert "is a folder" in _fails(capsys, *command, "")
        assert "no folder" in _fails(capsys, *command, tmp_path / "none" / "a")
        assert "no folder" in _fails(capsys, *command, reader_file / "a")
        assert "too long" in _fails(capsys, *command, tmp_path / ("a" * 250))
        assert "too long" in _fails(capsys, *command, tmp_path / ("a" * 300))
        assert "no file" in _fails(capsys, *command, os.devnull)
    assert set(tmp_path.iterdir()) == before
    assert ("tensorflow" in sys.modules) == loaded


def test_a_place_where_nothing_may_be_written_is_told_before_the_work(
    tmp_path, reader_file, drawer_file, pen_file
) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    kept = tmp_path / "kept"
    kept.touch(mode=0o444)
    for command in _writers(reader_file, drawer_file, pen_file):
        for place, why in ((tmp_path / "closed" / "a", "Permission"), (kept, "write-protected")):
            done = subprocess.run(
                [*OBEDIENT, *_command(*command, place)],
                capture_output=True,
                check=False,
                text=True,
            )
            assert (done.returncode, done.stdout) == (2, "")
            assert why in done.stderr
            assert done.stderr.count("\n") == 1
    assert kept.read_bytes() == b""


def test_bad_files_are_one_line(capsys, tmp_path, reader_file, image_file) -> None:
    gone = tmp_path / "gone"
    assert "gone" in _fails(capsys, "evaluate", gone)
    assert "damaged" in _fails(capsys, "evaluate", reader_file, image_file)
    assert "gone" in _fails(capsys, "read", gone, "--weights", reader_file)
    assert "damaged" in _fails(capsys, "read", image_file, "--weights", image_file)
    assert _fails(capsys, "read", reader_file, "--weights", reader_file)
    page = ["page", tmp_path / "page.html", "--weights"]
    assert "gone" in _fails(capsys, *page, reader_file, gone)
    assert "damaged" in _fails(capsys, *page, image_file)
    assert "at most 3" in _fails(capsys, *page, *[reader_file] * 4)
    assert "does not read" in _fails(capsys, *page, WIRINGS["one_to_many"].path)
    assert "no rows" in _fails(capsys, *page, WIRINGS["one_to_one"].path)
    assert not (tmp_path / "page.html").exists()
