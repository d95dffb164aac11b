"""What a weights file holds comes back; anything else is one clear sentence."""

import json
import pickle
import re
import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save as to_safetensors

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.network import weights
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from tests.networks import DRAWERS, EVERY_NETWORK, READERS, name, random_tensors

CONFIG = ModelConfig(units=4)
CARD = Card(
    CONFIG,
    TrainConfig(epochs=7, seed=3),
    epochs_done=6,
    accuracy_by_timestep=tuple(np.linspace(0.1, 0.97, 28).tolist()),
    accuracy_by_digit=(0.5,) * 10,
    temperature=1.3,
)


@pytest.fixture
def saved(tmp_path) -> bytes:
    """The bytes of a good file."""
    weights.save(tmp_path / "good.safetensors", random_tensors(CONFIG), CARD)
    return (tmp_path / "good.safetensors").read_bytes()


def _file(tensors=None, **metadata: object) -> bytes:
    """A good file with other tensors, or with other metadata: JSON values, None to leave out."""
    good = {
        "format": 1,
        "model": CONFIG.to_dict(),
        "train": TrainConfig().to_dict(),
        "epochs_done": 1,
        "accuracy_by_timestep": None,
        "accuracy_by_digit": None,
    }
    texts = {key: json.dumps(value) for key, value in (good | metadata).items()}
    return to_safetensors(random_tensors(CONFIG) if tensors is None else tensors, texts)


@pytest.mark.parametrize("config", EVERY_NETWORK, ids=name)
def test_weights_come_back(config: ModelConfig, tmp_path) -> None:
    tensors, path = random_tensors(config), tmp_path / "a.safetensors"
    weights.save(path, tensors, Card(config))
    loaded, card = weights.load(path)
    assert card == Card(config)
    assert set(loaded) == set(tensors)
    for key, tensor in tensors.items():
        np.testing.assert_array_equal(loaded[key], tensor)


def test_card_comes_back(saved: bytes) -> None:
    _, card = weights.parse(saved, "good")
    assert card == CARD
    assert card.test_accuracy == pytest.approx(0.97)


def test_card_of_an_older_file_has_no_temperature() -> None:
    _, card = weights.parse(_file(), "older")
    assert card.temperature == 1


def test_overwriting_leaves_no_other_file(tmp_path) -> None:
    path = tmp_path / "a.safetensors"
    for seed in (0, 1):
        weights.save(path, random_tensors(CONFIG, seed), CARD)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kept", [0, 1, 7, 8, 9, 100, 0.3, 0.6, 0.9, -1])
def test_truncated_file_is_refused(saved: bytes, kept: float) -> None:
    length = int(kept * len(saved)) if isinstance(kept, float) else kept
    _refused(saved[:length], "damaged")


@given(data=st.binary(max_size=400))
def test_random_bytes_are_refused(data: bytes) -> None:
    _refused(data, "upload")


@given(header=st.binary(max_size=200))
def test_random_headers_are_refused(header: bytes) -> None:
    _refused(struct.pack("<Q", len(header)) + header, "upload")


@given(header=st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text()))
def test_random_json_headers_are_refused(header: dict[str, object]) -> None:
    text = json.dumps(header).encode()
    _refused(struct.pack("<Q", len(text)) + text, "upload")


@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_changed_byte_never_surprises(place: int, value: int) -> None:
    data = bytearray(_file())
    data[place % len(data)] = value
    try:
        tensors, card = weights.parse(bytes(data), "changed")
    except UserError:
        return
    weights.check(tensors, card.model)


def test_pickle_in_disguise_is_refused_and_not_run(tmp_path) -> None:
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    _refused(pickle.dumps(Trap()), "damaged")
    assert not (tmp_path / "sprung").exists()


def test_not_a_number_is_refused() -> None:
    tensors = random_tensors(CONFIG)
    tensors["head.bias"][3] = np.nan
    _refused(_file(tensors), "head.bias holds numbers that are not finite")


def test_number_too_large_to_compute_with_is_refused() -> None:
    for number in (3e38, -2e10):
        tensors = random_tensors(CONFIG)
        tensors["rnn.kernel"][2, 1] = number
        _refused(_file(tensors), "rnn.kernel holds numbers that are too large")


_LARGEST = [
    ModelConfig(backbone="cnn_rnn", order="row_major", cell=cell, units=512, filters=32)
    for cell in ("simple_rnn", "gru", "lstm")
]


@pytest.mark.parametrize("config", [*READERS, *_LARGEST], ids=name)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_weights_let_in_never_overflow(config: ModelConfig, sign: int) -> None:
    tensors = {
        key: np.full(shape, sign * weights.LARGEST_WEIGHT, np.float32)
        for key, shape in weights.shapes(config).items()
    }
    with np.errstate(over="raise", invalid="raise"):
        trace = Reader(tensors, Card(config)).read(np.full((28, 28), 255, np.uint8))
    assert np.isfinite(trace.logits).all()
    assert trace.probabilities.sum(-1) == pytest.approx(1)


@pytest.mark.parametrize("config", DRAWERS, ids=name)
def test_the_largest_weights_let_in_never_overflow_a_drawing(config: ModelConfig) -> None:
    tensors = {
        key: np.full(shape, weights.LARGEST_WEIGHT, np.float32)
        for key, shape in weights.shapes(config).items()
    }
    with np.errstate(over="raise", invalid="raise"):
        drawing = Drawer(tensors, Card(config)).draw(3)
    assert np.isfinite(drawing.logits).all()


@pytest.mark.parametrize(
    "named", [rb'"head.bias":{.*?}', rb'"epochs_done":"1"', rb'\\"units\\": 4']
)
def test_what_is_named_twice_is_refused(named: bytes) -> None:
    data = _file()
    length = int.from_bytes(data[:8], "little")
    header, times = re.subn(named, rb"\g<0>,\g<0>", data[8 : 8 + length])
    assert times == 1
    _refused(struct.pack("<Q", len(header)) + header + data[8 + length :], "twice")


@pytest.mark.parametrize("dtype", [np.int32, np.float64, np.float16])
def test_other_kind_of_number_is_refused(dtype: type) -> None:
    tensors = random_tensors(CONFIG)
    tensors["rnn.bias"] = tensors["rnn.bias"].astype(dtype)
    _refused(_file(tensors), "rnn.bias holds .* they should be float32")


def test_other_shape_is_refused() -> None:
    tensors = random_tensors(replace(CONFIG, units=5))
    _refused(_file(tensors), r"rnn.kernel has shape \(28, 5\), it should be \(28, 4\)")


def test_missing_and_extra_tensors_are_refused() -> None:
    tensors = random_tensors(CONFIG)
    _refused(_file(tensors | {"more": np.zeros(3, np.float32)}), "'more' is extra")
    del tensors["head.bias"]
    _refused(_file(tensors), "'head.bias' is missing")


@pytest.mark.parametrize(
    "metadata",
    [
        {"format": 2},
        {"model": None},
        {"model": {"units": 10**9}},
        {"model": {"units": "4"}},
        {"model": {"layers": 3}},
        {"train": []},
        {"epochs_done": "many"},
        {"epochs_done": float("inf")},
        {"epochs_done": -1},
        {"accuracy_by_timestep": [0.5]},
        {"accuracy_by_timestep": [2.0] * 28},
        {"accuracy_by_timestep": {"a": 1}},
        {"accuracy_by_digit": [float("nan")] * 10},
        {"accuracy_by_digit": 7},
        {"temperature": 0},
        {"temperature": float("inf")},
        {"temperature": float("nan")},
        {"temperature": 1e-300},
        {"temperature": 0.04},
        {"temperature": 21},
        {"temperature": "hot"},
    ],
    ids=str,
)
def test_absurd_metadata_is_refused(metadata: dict[str, object]) -> None:
    _refused(_file(**metadata), "not a reader that this app can use")


def test_metadata_that_is_not_json_is_refused() -> None:
    texts = {"format": "1", "model": "[" * 100_000}
    _refused(to_safetensors(random_tensors(CONFIG), texts), "metadata is damaged")


def test_file_without_metadata_is_refused() -> None:
    _refused(to_safetensors(random_tensors(CONFIG)), "does not name this app's format")


def test_large_file_is_refused_before_it_is_read(tmp_path) -> None:
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.truncate(weights.LARGEST_FILE_BYTES + 1)
    with pytest.raises(UserError, match="too large"):
        weights.load(path)
    _refused(bytes(weights.LARGEST_FILE_BYTES + 1), "too large")


def test_missing_file_is_one_sentence(tmp_path) -> None:
    with pytest.raises(UserError, match=r"gone\.safetensors"):
        weights.load(tmp_path / "gone.safetensors")


def test_folder_is_no_weights_file(tmp_path) -> None:
    with pytest.raises(UserError):
        weights.load(tmp_path)


def test_wrong_weights_are_not_saved(tmp_path) -> None:
    with pytest.raises(UserError):
        weights.save(tmp_path / "a.safetensors", random_tensors(replace(CONFIG, units=5)), CARD)
    assert not list(tmp_path.iterdir())


def _refused(data: bytes, why: str) -> None:
    """Assert that a file with these bytes is refused, in one line that names it."""
    with pytest.raises(UserError, match=why) as refused:
        weights.parse(data, "upload.safetensors")
    text = str(refused.value)
    assert "upload.safetensors" in text
    assert "\n" not in text
