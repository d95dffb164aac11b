"""The shapes of the four wirings, their Keras code and the mistakes, by Keras itself."""

import re

import keras
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn.analysis.shapes import interleaved, stages
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.figures.wirings.interleaving import interleaving_figure
from mnist_rnn.figures.wirings.overview import later_figure
from mnist_rnn.figures.wirings.unrolled import LATER, arrows
from mnist_rnn.network import weights
from mnist_rnn.network.catalog import SHIPPED, WIRINGS
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader
from mnist_rnn.presets import PRESETS
from mnist_rnn.training import models
from tests.analysis.keras_posts import MISTAKES, POSTS, run, said_to
from tests.networks import random_tensors
from ui.page import section

CNN_RNN = "cnn_rnn-many_to_many-2016"
_SHAPE = re.compile(r"layers\.(.+),  # \(batch, (.+)\)$", re.MULTILINE)


@pytest.fixture(scope="module", params=WIRINGS)
def post(request: pytest.FixtureRequest) -> tuple[str, keras.Model, list]:
    """A head, and what its code makes: the model and its fits."""
    names, fits = run(POSTS / f"{request.param}.py")
    return request.param, names["model"], fits


def test_code_makes_the_shipped_network_and_trains_it(post) -> None:
    head, model, ((x, y, history),) = post
    tensors, card = weights.load(WIRINGS[head].path)
    assert model.count_params() == weights.parameter_count(card.model)
    assert model.input_shape[1:] == x.shape[1:]
    assert model.output_shape[1:] == y.shape[1:]
    assert history.history["loss"][-1] < history.history["loss"][0]

    model.set_weights([tensors[name] for name in weights.shapes(card.model)])
    if head == "one_to_many":
        drawing = Drawer(tensors, card).draw_batch(x[:50, :10].argmax(1), x[:50, 10:])
        logits = drawing.logits
    else:
        images = load_digits("train").first(50).images
        np.testing.assert_allclose(x[:50], images / 255)
        logits = Reader(tensors, card).read_batch(images).logits
    logits = logits[:, -1] if head.endswith("to_one") else logits
    np.testing.assert_allclose(model.predict(x[:50], verbose=0), logits, atol=1e-3)


def test_targets_are_the_labels_at_every_answer_or_the_pixels(post) -> None:
    head, _, ((_, y, _),) = post
    digits = load_digits("train").first(len(y))
    if head == "one_to_many":
        np.testing.assert_allclose(y, digits.images / 255)
        return
    answers = y.reshape(len(y), -1, 10)
    one_hot = np.arange(10) == digits.labels[:, None, None]
    np.testing.assert_array_equal(answers, np.broadcast_to(one_hot, answers.shape))


def shape(stage):
    return tuple(stage.axes.values())


def test_boxes_and_comments_say_the_shapes_that_keras_says(post) -> None:
    head, model, _ = post
    flow = stages(PRESETS[WIRINGS[head].key].model)
    assert shape(flow[0]) == model.input_shape[1:]
    assert [shape(stage) for stage in flow[1:]] == [
        layer.output.shape[1:] for layer in model.layers
    ]
    text = (POSTS / f"{head}.py").read_text(encoding="utf-8")
    assert f"keras.{flow[0].layer}," in text
    assert [(layer.replace("layers.", ""), said) for layer, said in _SHAPE.findall(text)] == [
        (stage.layer, ", ".join(map(str, shape(stage)))) for stage in flow[1:]
    ]


def test_cnn_into_rnn_is_the_shipped_network_with_the_shapes_that_the_page_says() -> None:
    names, ((x, y, history),) = run(POSTS / "cnn_rnn.py")
    model = names["model"]
    tensors, card = weights.load(SHIPPED / f"{CNN_RNN}.safetensors")
    assert history.history["loss"][-1] < history.history["loss"][0]
    model.set_weights([tensors[name] for name in weights.shapes(card.model)])
    images = load_digits("train").first(20).images
    expected = Reader(tensors, card).read_batch(images).probabilities
    logits = model.predict(x[:20], verbose=0)
    np.testing.assert_allclose(keras.ops.softmax(logits), expected, atol=0.02)
    labels = load_digits("train").first(len(y)).labels
    assert y.shape == (len(y), 224, 10)
    np.testing.assert_array_equal(y.argmax(-1), np.repeat(labels[:, None], 224, 1))

    flow = stages(card.model)
    assert shape(flow[0]) == model.input_shape[1:]
    assert [shape(stage) for stage in flow[1:]] == [
        layer.output.shape[1:] for layer in model.layers
    ]
    text = (POSTS / "cnn_rnn.py").read_text(encoding="utf-8")
    assert f"keras.{flow[0].layer}," in text
    assert [(layer.replace("layers.", ""), said) for layer, said in _SHAPE.findall(text)] == [
        (stage.layer, ", ".join(map(str, shape(stage)))) for stage in flow[1:]
    ]


def test_a_plain_dense_on_a_sequence_is_a_dense_at_each_timestep() -> None:
    hidden = np.random.default_rng(0).normal(size=(3, 28, 5)).astype(np.float32)
    wrapped, plain = keras.layers.TimeDistributed(keras.layers.Dense(10)), keras.layers.Dense(10)
    each = wrapped(hidden)
    plain.build(hidden.shape)
    plain.set_weights(wrapped.get_weights())
    np.testing.assert_allclose(plain(hidden), each, atol=1e-6)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.stem)
def test_keras_says_what_the_page_shows(mistake) -> None:
    """After an upgrade of Keras: python -m tests.analysis.keras_posts, and read what it wrote."""
    assert said_to(mistake) == mistake.with_suffix(".txt").read_text(encoding="utf-8")
    assert section("shapes", "said") == f"**With Keras {keras.__version__}:**"


def test_interleaved_maps_are_what_keras_makes_of_maps_that_were_not_transposed() -> None:
    config = ModelConfig(backbone="cnn_rnn", filters=3, units=2)
    tensors = random_tensors(config)
    images = load_digits("test").first(2).images
    model = models.build(config)
    models.assign(model, config, tensors)
    maps = model.get_layer("conv2").output
    straight = keras.Model(model.input, keras.layers.Reshape((3 * 28, 28))(maps))
    right = Reader(tensors, weights.Card(config)).sequence(images)
    for sequence, wrong in zip(right, straight(images / 255), strict=True):
        np.testing.assert_allclose(interleaved(sequence), wrong, atol=1e-5)


def test_figure_shows_each_map_upright_above_the_same_numbers_interleaved() -> None:
    sequence = np.arange(2 * 28 * 28, dtype=float).reshape(2 * 28, 28)
    above, below = (np.asarray(trace.z) for trace in interleaving_figure(sequence, "light").data)
    np.testing.assert_array_equal(above[:, -28:], sequence[28:])
    assert np.isnan(above[:, 28:-28]).all()
    # The first timestep is 14 pixels of both maps, and the second map begins 784 numbers on.
    np.testing.assert_array_equal(below[0, :4], [0, 784, 1, 785])


@pytest.fixture(scope="module")
def pages() -> dict[str, AppTest]:
    """The page's piece for each head."""

    def script(head: str) -> None:
        from ui.wirings.shapes import show_shapes  # noqa: PLC0415 - run as a script of its own

        show_shapes(head)

    return {
        head: AppTest.from_function(script, args=(head,), default_timeout=60).run()
        for head in WIRINGS
    }


def test_page_shows_the_layers_and_the_shapes_between_them(pages) -> None:
    for head, page in pages.items():
        assert not page.exception
        written = [re.sub(r":orange\[\*\*(\d+)\*\*\]", r"\1", part.value) for part in page.markdown]
        flow = stages(PRESETS[WIRINGS[head].key].model)
        for stage in (*flow, flow[-1]):  # The target has the shape of the output.
            written.remove(f"(batch, {', '.join(map(str, shape(stage)))})")
        for stage in flow:
            written.remove(f"`{stage.layer}`")


def test_page_shows_the_code_and_every_mistake_with_what_keras_says(pages) -> None:
    files = [path for suffix in (".py", ".txt") for path in POSTS.rglob(f"*{suffix}")]
    texts = {path: path.read_text(encoding="utf-8").strip() for path in files}
    shown = set()
    for head, page in pages.items():
        assert page.code[0].value == texts[POSTS / f"{head}.py"]
        choice = page.segmented_control(key=f"post-{head}")
        for option in (name for name in choice.options if name.startswith("Mistake: ")):
            choice.set_value(option.removeprefix("Mistake: ")).run()
            assert not page.exception
            code, said = (part.value for part in page.code)
            (mistake,) = (path for path in MISTAKES if texts[path] == code)
            assert said == texts[mistake.with_suffix(".txt")]
            shown.add(mistake)
    assert shown == set(MISTAKES)


def test_page_shows_the_fifth_code_with_its_shapes_and_the_wiring_with_a_delay(pages) -> None:
    page = pages["many_to_many"]
    choice = page.segmented_control(key="post-many_to_many")
    choice.set_value("CNN into RNN").run()
    assert not page.exception
    code = (POSTS / "cnn_rnn.py").read_text(encoding="utf-8").strip()
    assert page.code[0].value == code
    written = [re.sub(r":orange\[\*\*(\d+)\*\*\]", r"\1", part.value) for part in page.markdown]
    for stage in stages(PRESETS[CNN_RNN].model):
        written.remove(f"(batch, {', '.join(map(str, shape(stage)))})")
        written.remove(f"`{stage.layer}`")
    choice.set_value("With a delay").run()
    assert not page.exception
    assert any("*encoder*" in part.value for part in page.markdown)
    assert len(page.get("plotly_chart")) == 1


def test_with_a_delay_the_answers_begin_after_the_last_input() -> None:
    figure = later_figure("dark")
    notes = [note.text for note in figure.layout.annotations]
    assert [notes.count(text) for text in ("<b>x</b>", "<b>y</b>")] == [4, 3]
    assert notes[-2:] == ["encoder", "decoder"]
    up = [(a, b) for a, b in arrows(LATER) if a.pack == b.pack]
    assert [a.pack for a, _ in up if a.layer == "input"] == [0, 1, 2, 3]
    assert [b.pack for _, b in up if b.layer == "output"] == [4, 5, 6]
