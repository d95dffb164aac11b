"""The reading figure says what the trace says, panel by panel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn.config import ModelConfig
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.panels import Reading
from mnist_rnn.figures.player import timestep_at
from mnist_rnn.figures.reading import reading_figure
from mnist_rnn.network.reader import Trace, softmax

IMAGE = np.arange(784, dtype=np.uint8).reshape(28, 28)


def reading(**config: str) -> Reading:
    model = ModelConfig(units=6, **config)
    random = np.random.default_rng(len(config))
    hidden = random.uniform(-1, 1, (model.timesteps, 6)).astype(np.float32)
    logits = random.normal(size=(model.timesteps, 10)).astype(np.float32)
    sequence = random.normal(size=(model.timesteps, model.features)).astype(np.float32)
    trace = Trace(sequence, hidden, logits, softmax(logits))
    return Reading(model.head, model, trace, np.array([3, 1, 0, 5, 4, 2]))


MANY_TO_ONE = reading(head="many_to_one")
MANY_TO_MANY = reading(head="many_to_many")
MAP_BY_MAP = reading(head="many_to_many", backbone="cnn_rnn", order="map_major")
ROW_BY_ROW = reading(head="many_to_one", backbone="cnn_rnn", order="row_major")
ALL = [MANY_TO_ONE, MANY_TO_MANY, MAP_BY_MAP, ROW_BY_ROW]


def test_panels_from_left_to_right_are_image_hidden_state_and_probabilities():
    figure = reading_figure(IMAGE, MANY_TO_MANY)
    image, hidden, probabilities = (np.array(trace.z) for trace in figure.data)
    np.testing.assert_array_equal(image, IMAGE)
    np.testing.assert_array_equal(hidden, MANY_TO_MANY.trace.hidden[:, [3, 1, 0, 5, 4, 2]])
    np.testing.assert_allclose(probabilities, 100 * MANY_TO_MANY.trace.probabilities, rtol=1e-6)
    starts = [figure.layout[f"xaxis{n}"].domain[0] for n in ("", 2, 3)]
    assert starts == sorted(starts)


def test_a_reader_with_convolutions_shows_its_feature_maps_before_its_hidden_state():
    figure = reading_figure(IMAGE, MAP_BY_MAP)
    assert [np.shape(trace.z) for trace in figure.data] == [
        (28, 28),
        (224, 28),
        (224, 6),
        (224, 10),
    ]
    np.testing.assert_array_equal(figure.data[1].z, MAP_BY_MAP.trace.sequence)


@pytest.mark.parametrize("one", ALL, ids=["many-to-one", "many-to-many", "maps", "rows"])
def test_every_heat_map_fills_the_28_rows_of_the_one_vertical_axis(one):
    for trace in reading_figure(IMAGE, one).data:
        timesteps = len(trace.z)
        assert trace.yaxis == "y"
        assert trace.y0 - trace.dy / 2 == pytest.approx(0)
        assert trace.y0 + (timesteps - 0.5) * trace.dy == pytest.approx(28)


def test_many_to_one_is_coloured_only_where_its_head_was_trained():
    trained, untrained = (np.array(t.z) for t in reading_figure(IMAGE, MANY_TO_ONE).data[2:])
    assert np.isnan(trained[:-1]).all()
    assert np.isnan(untrained[-1]).all()
    shown = np.where(np.isnan(trained), untrained, trained)
    np.testing.assert_allclose(shown, 100 * MANY_TO_ONE.trace.probabilities, rtol=1e-6)


def test_the_grey_of_an_untrained_head_is_not_the_colour_of_a_trained_one():
    trained, untrained = reading_figure(IMAGE, MANY_TO_ONE).data[2:]
    assert trained.colorscale[1][1] == PALETTES["light"].probability[1][1]
    assert untrained.colorscale[1][1] == PALETTES["light"].untrained[1][1]


def test_probabilities_can_be_read_without_colour():
    written = reading_figure(IMAGE, MANY_TO_MANY).data[2].text
    percent = np.rint(100 * MANY_TO_MANY.trace.probabilities).astype(int)
    certain = percent >= 11
    assert (np.array(written)[certain] == percent[certain].astype(str)).all()


@pytest.mark.parametrize(("one", "row", "step"), [(MANY_TO_ONE, 9, 9), (MAP_BY_MAP, 9.125, 73)])
def test_it_gives_the_answer_and_a_sentence_after_its_row(one, row, step):
    notes = [note.text for note in reading_figure(IMAGE, one, row=row).layout.annotations]
    probabilities = one.trace.probabilities[step - 1]
    share = f"{probabilities.max():.0%}"
    assert notes[0] == f"<b>{probabilities.argmax()}</b>, {share} sure"
    assert notes[1].startswith(f"{'row' if one is MANY_TO_ONE else 'step'} {step}")
    assert share in notes[1].split(";<br>")[1]
    assert ("if asked now:" in notes[1]) == (one is MANY_TO_ONE)
    assert notes[2] == f"<b>{one.title}</b>"


def test_the_veil_hides_what_follows_the_row():
    veil, line = reading_figure(IMAGE, MANY_TO_ONE, row=12).layout.shapes
    assert (veil.y0, veil.y1, veil.x0) == (12, 28, 0)
    assert (line.y0, line.y1) == (12, 12)


def test_the_image_stays_unveiled_when_it_is_not_read_row_by_row():
    assert reading_figure(IMAGE, MAP_BY_MAP).layout.shapes[0].x0 > 0


@pytest.mark.parametrize("one", ALL)
def test_panels_never_overlap_and_stay_within_the_figure(one):
    layout = reading_figure(IMAGE, one).layout
    domains = [layout[name].domain for name in layout if name.startswith("xaxis")]
    edges = [edge for domain in sorted(domains) for edge in domain]
    assert edges == sorted(edges)
    assert edges[0] == 0
    assert edges[-1] == pytest.approx(1)


@given(st.integers(1, 224), st.sampled_from([28, 224]))
def test_timesteps_follow_the_share_of_the_sequence(step, timesteps):
    assert timestep_at(step / timesteps, timesteps) == min(step, timesteps) - 1 or step > timesteps
    assert timestep_at(1, timesteps) == timesteps - 1
    assert 0 <= timestep_at(step / 224, timesteps) < timesteps
