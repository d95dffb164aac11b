"""Files that commands take: a reader, one that draws, and a picture."""

from pathlib import Path

import pytest
from PIL import Image

from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from tests.networks import random_tensors


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


@pytest.fixture
def drawer_file(tmp_path) -> Path:
    config = ModelConfig(head="one_to_many", styles=4)
    path = tmp_path / "drawer.safetensors"
    weights.save(path, random_tensors(config), Card(config, epochs_done=2))
    return path
