"""A network that was trained elsewhere: how it is exported, what is taken, what is refused."""

import os
import pickle
import re

import keras
import numpy as np
import pytest
from safetensors.numpy import save as to_safetensors

from mnist_rnn.__main__ import main
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.accuracy import evaluate
from mnist_rnn.network import weights
from mnist_rnn.network.catalog import OPENING, SHIPPED
from mnist_rnn.network.foreign import Foreign, recognised
from mnist_rnn.network.reader import Reader, to_input
from mnist_rnn.network.weights import Card
from mnist_rnn.runs import housekeeping, imports
from mnist_rnn.runs.access import Visitor, may_change
from mnist_rnn.runs.ledger import row_of, rows
from mnist_rnn.runs.readers import offered_readers
from tests.app_server import PROJECT
from tests.networks import DRAWERS, READERS, ROW_READERS, name, random_tensors

PAGE = PROJECT / "docs" / "own_network.md"
POSTS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
STUDENT, OTHER = Visitor("a" * 64), Visitor("b" * 64)
TINY = ModelConfig(units=2)
LAYERS = {
    "conv1": "sequential/conv2d_9",
    "conv2": "sequential/conv2d_10",
    "rnn": "sequential/layer/layer_cell",
    "head": "sequential/time_distributed/dense",
}


def as_keras(config: ModelConfig, seed: int = 0) -> dict[str, np.ndarray]:
    """Random weights by the names that Keras has for them."""
    tensors = random_tensors(config, seed)
    parts = (name.partition(".") for name in tensors)
    return {f"{LAYERS[layer]}/{part}": tensors[f"{layer}.{part}"] for layer, _, part in parts}


def file_of(config: ModelConfig, **metadata: str) -> bytes:
    said = {"head": config.head, "activation": config.activation}
    return to_safetensors(as_keras(config), said | metadata)


def refusal(tensors: dict[str, np.ndarray], **metadata: str) -> str:
    data = to_safetensors(tensors, {"head": "many_to_one", "activation": "relu"} | metadata)
    with pytest.raises(UserError) as refused:
        recognised(data, "mine.safetensors").card()
    return str(refused.value)


@pytest.mark.parametrize("code", POSTS, ids=["rnn", "cnn"])
def test_the_lines_of_the_page_export_what_reads_here_as_in_keras(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keras.utils.set_random_seed(0)
    made: dict = {}
    exec(code, made)  # noqa: S102 - our own page
    (file,) = tmp_path.iterdir()
    network = recognised(file.read_bytes(), file.name)
    read = Reader(network.tensors, network.card()).read_batch(
        images := load_digits("test").images[:9]
    )
    expected = made["model"].predict(to_input(images), verbose=0)
    logits = read.logits if expected.ndim == 3 else read.logits[:, -1]
    np.testing.assert_allclose(logits, expected, atol=2e-5)
    assert np.ptp(expected) > 0.1


def test_the_first_of_them_takes_six_lines():
    lines = [line for line in POSTS[0].splitlines() if line and not line.startswith("#")]
    assert len(lines) <= 6


@pytest.mark.parametrize("config", ROW_READERS, ids=name)
def test_every_network_that_reads_rows_is_told_by_names_and_shapes(config):
    network = recognised(file_of(config), "mine.safetensors")
    assert network.card() == Card(config)
    for tensor, expected in random_tensors(config).items():
        np.testing.assert_array_equal(network.tensors[tensor], expected)


@pytest.mark.parametrize("config", ROW_READERS, ids=name)
def test_tensors_may_be_numbered_as_get_weights_has_them(config):
    ordered = random_tensors(config)
    numbered = {str(n): tensor for n, tensor in enumerate(ordered.values())}
    network = recognised(to_safetensors(numbered, {"head": config.head}), "mine.safetensors")
    said = {} if config.backbone == "rnn" else {"activation": config.activation}
    assert network.card(**said).model == config
    for tensor, expected in ordered.items():
        np.testing.assert_array_equal(network.tensors[tensor], expected)


def test_convolutions_of_one_filter_are_told_by_their_names():
    config = ModelConfig(backbone="cnn_rnn", filters=1, units=3)
    network = recognised(file_of(config), "mine.safetensors")
    np.testing.assert_array_equal(
        network.tensors["conv1.kernel"], random_tensors(config)["conv1.kernel"]
    )


def test_what_the_file_does_not_say_is_asked_for():
    config = ROW_READERS[-1]
    network = recognised(to_safetensors(as_keras(config)), "mine.safetensors")
    assert network.unsaid == ("head", "activation")
    with pytest.raises(UserError, match=r"its head: say many_to_one or many_to_many\."):
        network.card()
    with pytest.raises(UserError, match=r"its activation: say linear or relu\."):
        network.card(head="many_to_one")
    card = network.card(head="many_to_one", activation="relu")
    assert (card.model.head, card.model.activation) == ("many_to_one", "relu")


def test_what_is_said_counts_more_than_what_the_file_says():
    network = recognised(file_of(TINY), "mine.safetensors")
    assert network.card(head="many_to_many").model.head == "many_to_many"


def test_a_file_of_this_app_is_taken_as_it_is_but_for_its_accuracies():
    data = (SHIPPED / f"{OPENING[0]}.safetensors").read_bytes()
    _, card = weights.parse(data, "a")
    taken = recognised(data, "other.safetensors").card()
    assert taken.accuracy_by_timestep is taken.accuracy_by_digit is None
    assert (taken.model, taken.train, taken.temperature) == (
        card.model,
        card.train,
        card.temperature,
    )


@pytest.mark.parametrize("config", [READERS[-1], *DRAWERS], ids=name)
def test_what_reads_no_rows_is_refused(config):
    data = weights.to_bytes(random_tensors(config), Card(config))
    with pytest.raises(UserError, match="does not read an image row by row"):
        recognised(data, "mine.safetensors").card()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("mine.keras", b"PK\x03\x04 and more"),
        ("mine.h5", b"\x89HDF\r\n\x1a\n and more"),
        ("mine.safetensors", b"PK\x03\x04 and more"),
        ("mine.safetensors", pickle.dumps(os.getpid)),
        ("mine.KERAS", b"anything"),
        ("mine.pt", b""),
    ],
)
def test_what_may_run_code_is_not_opened_and_the_sentence_says_how_to_export(name, data):
    with pytest.raises(UserError, match=r"not opened here.*save_file") as refused:
        recognised(data, name)
    assert "\n" not in str(refused.value)


def test_each_reason_why_a_network_is_refused_is_one_sentence():
    plain, gru = as_keras(TINY), as_keras(ModelConfig(cell="gru", units=2))
    rnn, head = "sequential/layer/layer_cell", LAYERS["head"]
    assert "0 recurrent layers" in refusal({f"{head}/kernel": plain[f"{head}/kernel"]})
    second = {
        f"b/{part}": plain[f"{rnn}/{part}"] for part in ("kernel", "recurrent_kernel", "bias")
    }
    assert "2 recurrent layers" in refusal(plain | second)
    assert "2 dense layers" in refusal(plain | {"d/kernel": np.zeros((2, 2), np.float32)})
    convolution = {"c/kernel": np.zeros((3, 3, 1, 8), np.float32)}
    assert "1 convolutions" in refusal(plain | convolution)
    assert "'norm/gamma'" in refusal(plain | {"norm/gamma": np.ones(2, np.float32)})
    assert "reset_after" in refusal(gru | {f"{rnn}/bias": gru[f"{rnn}/bias"][0]})
    without = {path: t for path, t in plain.items() if path != f"{rnn}/bias"}
    assert "'rnn.bias' is missing" in refusal(without)
    assert "'rnn.kernel'" in refusal({p: t for p, t in plain.items() if p != f"{rnn}/kernel"})
    assert "that of no cell" in refusal(
        plain | {f"{rnn}/recurrent_kernel": np.zeros((2, 4), np.float32)}
    )
    assert "(27, 2)" in refusal(plain | {f"{rnn}/kernel": np.zeros((27, 2), np.float32)})
    assert "(2, 9)" in refusal(plain | {f"{head}/kernel": np.zeros((2, 9), np.float32)})
    assert "float64" in refusal(plain | {f"{head}/bias": np.zeros(10)})
    assert "not finite" in refusal(plain | {f"{head}/bias": np.full(10, np.nan, np.float32)})
    assert "4 tensors" in refusal({str(n): np.zeros(1, np.float32) for n in range(4)})
    assert "two tensors" in refusal(plain | {f"{head}.bias": np.zeros(10, np.float32)})
    assert "head must be one of" in refusal(plain, head="<b>")
    assert "units must be" in refusal(as_keras_of_units(513))


def as_keras_of_units(units: int) -> dict[str, np.ndarray]:
    shapes = {"kernel": (28, units), "recurrent_kernel": (units, units), "bias": (units,)}
    rnn = {f"rnn/{part}": np.zeros(shape, np.float32) for part, shape in shapes.items()}
    head = {"kernel": (units, 10), "bias": (10,)}
    return rnn | {f"head/{part}": np.zeros(shape, np.float32) for part, shape in head.items()}


def tiny(seed: int = 0) -> Foreign:
    data = to_safetensors(as_keras(TINY, seed), {"head": "many_to_one"})
    return recognised(data, "tiny.safetensors")


def test_the_command_measures_it_and_it_is_offered_like_a_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path / "runs"))
    file = tmp_path / "anna.safetensors"
    file.write_bytes(to_safetensors(as_keras(TINY)))
    assert main(["import", str(file)]) == 2
    assert "say many_to_one or many_to_many" in capsys.readouterr().err
    assert main(["import", str(file), "--head", "many_to_many"]) == 0
    (row,) = rows(tmp_path / "runs")
    assert row.imported and row.status.ended and row.label.name == "anna"
    reader = Reader.load(row.run.best)
    assert reader.config == ModelConfig(head="many_to_many", units=2)
    accuracy = evaluate(reader, load_digits("test")).accuracy
    assert reader.card.test_accuracy == accuracy
    assert f"{row.title}: {accuracy:.2%}" in capsys.readouterr().out
    _, (offered,) = offered_readers([row])
    assert offered.key == row.id
    assert main(["import", str(file), "--head", "many_to_many"]) == 2
    assert "Another run has this name" in capsys.readouterr().err
    assert main(["import", str(file), "--head", "many_to_one", "--name", "other"]) == 0
    housekeeping.delete(row.run)
    assert [row.label.name for row in rows(tmp_path / "runs")] == ["other"]


def test_a_file_that_is_not_there_is_told_in_a_line(tmp_path, capsys):
    assert main(["import", str(tmp_path / "none.safetensors")]) == 2
    assert "can't be read: No such file" in capsys.readouterr().err


def test_it_belongs_to_who_brought_it_and_a_student_brings_few(tmp_path, monkeypatch):
    monkeypatch.setattr(imports, "MOST_OF_ONE", 2)
    monkeypatch.setattr(imports, "MOST_IN_ALL", 3)
    monkeypatch.setattr(imports, "measured", lambda _tensors, card: card)
    mine = [imports.import_network(STUDENT, tiny(), f"my {n}", tmp_path) for n in range(2)]
    assert may_change(STUDENT, row_of(mine[0])) and not may_change(OTHER, row_of(mine[0]))
    with pytest.raises(UserError, match="the most for one student"):
        imports.import_network(STUDENT, tiny(), "my 3", tmp_path)
    imports.import_network(OTHER, tiny(), "theirs", tmp_path)
    with pytest.raises(UserError, match="the most for a class"):
        imports.import_network(OTHER, tiny(), "theirs too", tmp_path)
    imports.import_network(Visitor("c" * 64, teacher=True), tiny(), "the teacher's", tmp_path)
    housekeeping.delete(mine[0])
    assert len(rows(tmp_path)) == 3
    housekeeping.delete(mine[1])
    imports.import_network(STUDENT, tiny(), "my 4", tmp_path)


def test_what_takes_long_to_measure_is_the_teachers_to_bring(tmp_path, monkeypatch):
    large = recognised(file_of(ModelConfig(cell="lstm", units=512)), "large.safetensors")
    with pytest.raises(UserError, match=r"multiplies 31 million .* may do 10 million"):
        imports.import_network(STUDENT, large, "large", tmp_path)
    assert rows(tmp_path) == []
    monkeypatch.setattr(imports, "measured", lambda _tensors, card: card)
    imports.import_network(Visitor("c" * 64, teacher=True), large, "large", tmp_path)
    assert len(rows(tmp_path)) == 1


def test_nothing_is_left_of_an_import_that_fails(tmp_path):
    imports.import_network(STUDENT, tiny(), "taken", tmp_path)
    with pytest.raises(UserError, match="Another run has this name"):
        imports.import_network(STUDENT, tiny(), "Taken", tmp_path)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1
