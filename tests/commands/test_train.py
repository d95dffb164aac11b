"""The command train: a reader with its card, kept also when it is stopped."""

import signal
import subprocess
import time
from dataclasses import replace

import numpy as np
import pytest

from mnist_rnn.__main__ import main
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network import weights
from mnist_rnn.presets import PRESETS
from mnist_rnn.progress import EpochDone
from mnist_rnn.settings import settings
from tests.commands.command_line import SMALL, command_line, fails
from tests.networks import random_tensors


def test_trained_reader_is_saved_with_its_test_accuracy(tmp_path) -> None:
    out = tmp_path / "small.safetensors"
    preset = ["--preset", "rnn-many_to_many-2016"]
    done = subprocess.run(
        command_line("train", *preset, *SMALL, "--out", out),
        capture_output=True,
        check=True,
        text=True,
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
        command_line("train", *SMALL, "--epochs", "1000", "--out", out), stdout=subprocess.PIPE
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


def test_bad_arguments_are_one_line(capsys, tmp_path) -> None:
    out = tmp_path / "a.safetensors"
    assert "COMMAND" in fails(capsys)
    assert "paint" in fails(capsys, "paint")
    assert "--out" in fails(capsys, "train")
    assert "no-such" in fails(capsys, "train", "--preset", "no-such", "--out", out)
    assert "units must be" in fails(capsys, "train", "--units", "0", "--out", out)
    assert "--units" in fails(capsys, "train", "--units", "many", "--out", out)
    assert "backbone must be" in fails(capsys, "train", "--backbone", "cnn", "--out", out)
    assert "learning_rate" in fails(capsys, "train", "--learning-rate", "nan", "--out", out)
    sizes = ("--train-images", "100", "--batch-size", "200")
    assert "batch_size" in fails(capsys, "train", *sizes, "--out", out)
    assert "no folder" in fails(capsys, "train", "--out", tmp_path / "none" / "a.safetensors")
    assert list(tmp_path.iterdir()) == []
