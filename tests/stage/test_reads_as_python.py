"""The browser reads as Python does: the modules of assets/stage beside `mnist_rnn`."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Error, Page
from safetensors.numpy import save as to_safetensors

from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.strokes import Stroke, pencil
from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import Entry, shipped
from mnist_rnn.network.cells import sigmoid
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card, save
from mnist_rnn.stage import digit_message, network_message
from tests.digits.drawings import HOOK, SYMMETRIC, lines, seven
from tests.networks import ROW_READERS, name, random_tensors
from tests.stage.modules import as_json, as_text, images_of, traces_of

pytestmark = pytest.mark.browser

DRAWINGS = [
    seven(),
    seven(0.1, (3, 5), 2.0),
    lines(HOOK),
    *(lines(*shape) for shape in SYMMETRIC.values()),
    lines([[0, 0], [280, 1]], [[5, 5], [5, 5]], [[100, 30], [90, 30]]),
    lines([[40, 40]], *SYMMETRIC["plus"]),
    lines([[-3000.01, 12.5], [9000.99, -12.34], [7, 7]]),
    [Stroke(HOOK, 0.5), *lines([[41, 40], [60, 60]])],
    [],
    lines([[7, 7]]),
    lines([[7, 7], [7, 16]], [[9, 9], [19, 19]]),
]
VARIANTS = [
    replace(config, activation=activation, scaling=scaling)
    for config, activation, scaling in product(ROW_READERS, ("linear", "relu"), ("once", "twice"))
    if config.backbone == "cnn_rnn" or activation == "linear"
] + [
    ModelConfig(rnn_activation=activation, units=7) for activation in ("relu", "sigmoid", "linear")
]

# Points with two decimals, as the canvas's are; a stroke by hand, or a scribble of the pencil.
places = st.integers(-1000, 30_000).map(lambda number: number / 100)
positions = st.lists(st.tuples(places, places), min_size=1, max_size=12).map(np.array)
widths = st.sampled_from([20.0, 34.56, 3.0])
strokes = st.builds(Stroke, positions, widths) | st.builds(
    lambda points, width: Stroke(pencil(points, width).points.round(2), width), positions, widths
)


def image_or_none(drawing: list[Stroke]) -> np.ndarray | None:
    try:
        return drawing_to_image(drawing)
    except UserError:
        return None


def assert_same_ink(stage: Page, drawings: list[list[Stroke]]) -> None:
    for ours, theirs in zip(images_of(stage, drawings), map(image_or_none, drawings), strict=True):
        if ours is None or theirs is None:
            assert ours is theirs
        else:
            apart = np.abs(ours.astype(int) - theirs)
            assert apart.max() <= 1
            assert apart.sum() <= 3


def assert_same_reading(
    stage: Page, reader: Reader, weights: bytes, images: np.ndarray, tolerance: float = 1e-5
) -> None:
    ours, theirs = traces_of(stage, weights, images), reader.read_batch(images)
    for array, expected in zip(ours[:2], (theirs.sequence, theirs.hidden), strict=True):
        np.testing.assert_allclose(array.reshape(expected.shape), expected, atol=20 * tolerance)
    logits, probabilities = (array.reshape(theirs.logits.shape) for array in ours[2:])
    np.testing.assert_allclose(logits, theirs.logits, rtol=1e-4, atol=50 * tolerance)
    np.testing.assert_allclose(probabilities, theirs.probabilities, atol=tolerance)
    np.testing.assert_array_equal(probabilities.argmax(-1), theirs.answers)


def test_strokes_arrive_as_they_were_sent(stage: Page) -> None:
    for drawing in DRAWINGS:
        rounded = [Stroke(stroke.points.round(2), stroke.width) for stroke in drawing]
        arrived = stage.evaluate("data => told(data).strokes", digit_message(None, None, rounded))
        assert arrived == as_json(rounded)


def test_drawings_by_hand_get_the_same_image(stage: Page) -> None:
    assert_same_ink(stage, DRAWINGS)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(strokes, min_size=1, max_size=4), min_size=12, max_size=12))
def test_any_drawing_gets_the_same_image(stage: Page, drawings: list[list[Stroke]]) -> None:
    assert_same_ink(stage, drawings)


@pytest.mark.parametrize("entry", shipped(), ids=lambda entry: entry.key)
def test_every_shipped_reader_reads_alike(stage: Page, entry: Entry) -> None:
    reader = Reader.load(entry.path)
    drawn = [image for image in map(image_or_none, DRAWINGS) if image is not None]
    images = np.concatenate([load_digits("test").images[:20], drawn])
    map_by_map = reader.config.timesteps > 28
    tolerance = 2e-2 if map_by_map else 1e-5
    assert_same_reading(stage, reader, entry.path.read_bytes(), images, tolerance)


@pytest.mark.parametrize(
    "config", VARIANTS, ids=lambda config: f"{name(config)}-{config.activation}-{config.scaling}"
)
def test_every_network_reads_alike(stage: Page, config: ModelConfig, tmp_path: Path) -> None:
    tensors = random_tensors(config)
    save(tmp_path / "file", tensors, Card(config))
    weights = (tmp_path / "file").read_bytes()
    images = load_digits("test").images[:3]
    assert_same_reading(stage, Reader(tensors, Card(config)), weights, images)


@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
def test_a_step_shows_its_real_numbers(stage: Page, cell: str, tmp_path: Path) -> None:
    config = ModelConfig(cell=cell, units=5)
    tensors, image = random_tensors(config), load_digits("test").images[0]
    save(tmp_path / "file", tensors, Card(config))
    names, step = stage.evaluate(
        """([weights, image, t]) => {
            const reader = new Reader(parseWeights(bytes(weights)));
            reader.read(bytes(image));
            const step = Object.entries(reader.steps[t]);
            const numbers = step.map(([name, array]) => [name, Array.from(array)]);
            return [reader.cell.gates, Object.fromEntries(numbers)];
        }""",
        [as_text((tmp_path / "file").read_bytes()), as_text(image.tobytes()), 14],
    )
    reader = Reader(tensors, Card(config))
    sequence = reader.sequence(image[None])
    states = list(reader.states(sequence))
    before, after = states[13], states[14]
    biases = np.atleast_2d(tensors["rnn.bias"])
    from_x = sequence[0, 14] @ tensors["rnn.kernel"] + biases[0]
    from_h = before[0][0] @ tensors["rnn.recurrent_kernel"] + (biases[1] if cell == "gru" else 0)
    expected = {
        "fromX": from_x,
        "fromH": from_h,
        "before": before[0][0],
        "hidden": after[0][0],
        "memoryBefore": before[1][0] if cell == "lstm" else np.empty(0),
        "memory": after[1][0] if cell == "lstm" else np.empty(0),
    }
    for key, array in expected.items():
        np.testing.assert_allclose(step[key], array, atol=1e-5, err_msg=key)
    gates = dict(zip(names, np.split(np.array(step["gates"]), len(names)), strict=True))
    sums = dict(zip(names, np.split(from_x + from_h, len(names)), strict=True))
    for gate in set(names) - {"new"}:
        np.testing.assert_allclose(gates[gate], sigmoid(np, sums[gate]), atol=1e-5)
    if cell == "gru":
        h = (1 - gates["update"]) * gates["new"] + gates["update"] * before[0][0]
    elif cell == "lstm":
        c = gates["forget"] * before[1][0] + gates["input"] * gates["new"]
        h = gates["output"] * np.tanh(c)
    else:
        h = gates["new"]
    np.testing.assert_allclose(h, after[0][0], atol=1e-5)


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_a_memory_without_bounds_says_how_far_it_goes_and_stays_finite(
    stage: Page, activation: str, tmp_path: Path
) -> None:
    config = ModelConfig(rnn_activation=activation, units=5)
    usual = random_tensors(config)
    for tensors in (usual, {key: np.full_like(t, 1e10) for key, t in usual.items()}):
        save(tmp_path / "file", tensors, Card(config))
        image = load_digits("test").images[0]
        reach, sure = stage.evaluate(
            """([weights, image]) => {
                const reader = new Reader(parseWeights(bytes(weights)));
                reader.read(bytes(image));
                return [reader.reach, Array.from(reader.probabilities).every(Number.isFinite)];
            }""",
            [as_text((tmp_path / "file").read_bytes()), as_text(image.tobytes())],
        )
        hidden = Reader(tensors, Card(config)).read(image).hidden
        assert reach == pytest.approx(max(1, np.abs(hidden).max()), rel=1e-4)
        assert sure


def test_weights_may_lie_anywhere_in_memory(stage: Page) -> None:
    weights = as_text(shipped()[0].path.read_bytes())
    same = stage.evaluate(
        """weights => {
            const file = bytes(weights), shifted = new Uint8Array(file.length + 9).subarray(3, -6);
            shifted.set(file);
            const [one, other] = [parseWeights(file.buffer), parseWeights(shifted)];
            return JSON.stringify(one) === JSON.stringify(other) && one.card.model.units;
        }""",
        weights,
    )
    assert same == 128


def test_the_card_comes_with_the_weights(stage: Page) -> None:
    entry = shipped()[0]
    card = Reader.load(entry.path).card
    ours = stage.evaluate(
        "weights => parseWeights(bytes(weights)).card", as_text(entry.path.read_bytes())
    )
    assert ours["model"] == card.model.to_dict()
    assert ours["temperature"] == card.temperature
    assert tuple(ours["accuracy_by_timestep"]) == card.accuracy_by_timestep


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"", "DataView"),
        (b"\x03" + bytes(7) + b"no!", "JSON"),
        (to_safetensors({"a": np.zeros(3, np.float16)}, {"format": "1"}), "a holds F16 numbers"),
    ],
)
def test_other_files_are_refused(stage: Page, file: bytes, message: str) -> None:
    with pytest.raises(Error, match=message):
        stage.evaluate("file => parseWeights(bytes(file))", as_text(file))


@pytest.mark.parametrize("head", ["one_to_one", "one_to_many"])
def test_other_networks_are_refused(stage: Page, head: str, tmp_path: Path) -> None:
    config = ModelConfig(head=head)
    save(tmp_path / "file", random_tensors(config), Card(config))
    with pytest.raises(Error, match=f"head {head} reads no rows"):
        traces_of(stage, (tmp_path / "file").read_bytes(), np.zeros((0, 28, 28), np.uint8))


def test_a_network_stays_until_its_last_holder_lets_go(stage: Page) -> None:
    config = ModelConfig(units=5)
    message = network_message(
        "a", Reader(random_tensors(config), Card(config)), np.zeros((11, 5), np.float32)
    )
    known = stage.evaluate(
        """file => {
            const [old, fresh] = [{}, {}];
            const known = () => networkCalled("a") !== undefined;
            keep(bytes(file), old);
            keep(bytes(file), fresh);
            forget("a", old);
            const held = known();
            forget("a", fresh);
            return [held, known()];
        }""",
        as_text(message),
    )
    assert known == [True, False]
