"""The reading figure says what the traces say, panel by panel and frame by frame."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_rnn.config import ModelConfig
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.player import timestep_at
from mnist_rnn.figures.reading import Reading, reading_figure
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
    figure = reading_figure(IMAGE, [MANY_TO_MANY])
    image, hidden, probabilities = (np.array(trace.z) for trace in figure.data)
    np.testing.assert_array_equal(image, IMAGE)
    np.testing.assert_array_equal(hidden, MANY_TO_MANY.trace.hidden[:, [3, 1, 0, 5, 4, 2]])
    np.testing.assert_allclose(probabilities, 100 * MANY_TO_MANY.trace.probabilities, rtol=1e-6)
    starts = [figure.layout[f"xaxis{n}"].domain[0] for n in ("", 2, 3)]
    assert starts == sorted(starts)


def test_a_reader_with_convolutions_shows_its_feature_maps_before_its_hidden_state():
    figure = reading_figure(IMAGE, [MAP_BY_MAP])
    assert [np.shape(trace.z) for trace in figure.data] == [
        (28, 28),
        (224, 28),
        (224, 6),
        (224, 10),
    ]
    np.testing.assert_array_equal(figure.data[1].z, MAP_BY_MAP.trace.sequence)


@pytest.mark.parametrize("one", ALL, ids=["many-to-one", "many-to-many", "maps", "rows"])
def test_every_heat_map_fills_the_28_rows_of_the_one_vertical_axis(one):
    for trace in reading_figure(IMAGE, [one]).data:
        timesteps = len(trace.z)
        assert trace.yaxis == "y"
        assert trace.y0 - trace.dy / 2 == pytest.approx(0)
        assert trace.y0 + (timesteps - 0.5) * trace.dy == pytest.approx(28)


def test_many_to_one_is_coloured_only_where_its_head_was_trained():
    trained, untrained = (np.array(t.z) for t in reading_figure(IMAGE, [MANY_TO_ONE]).data[2:])
    assert np.isnan(trained[:-1]).all()
    assert np.isnan(untrained[-1]).all()
    shown = np.where(np.isnan(trained), untrained, trained)
    np.testing.assert_allclose(shown, 100 * MANY_TO_ONE.trace.probabilities, rtol=1e-6)


def test_the_grey_of_an_untrained_head_is_not_the_colour_of_a_trained_one():
    trained, untrained = reading_figure(IMAGE, [MANY_TO_ONE]).data[2:]
    assert trained.colorscale[1][1] == PALETTES["light"].probability[1][1]
    assert untrained.colorscale[1][1] == PALETTES["light"].untrained[1][1]


def test_probabilities_can_be_read_without_colour():
    written = reading_figure(IMAGE, [MANY_TO_MANY]).data[2].text
    percent = np.rint(100 * MANY_TO_MANY.trace.probabilities).astype(int)
    certain = percent >= 11
    assert (np.array(written)[certain] == percent[certain].astype(str)).all()


def test_each_frame_gives_the_answers_after_its_row():
    figure = reading_figure(IMAGE, [MANY_TO_ONE, MANY_TO_MANY])
    assert len(figure.frames) == 28
    for row, frame in enumerate(figure.frames):
        both = zip(frame.layout.annotations[:2], (MANY_TO_ONE, MANY_TO_MANY), strict=True)
        for annotation, one in both:
            probabilities = one.trace.probabilities[row]
            expected = f"<b>{probabilities.argmax()}</b> at {probabilities.max():.0%}"
            assert annotation.text == expected


def test_each_frame_gives_a_sentence_for_each_reader_below_its_answer():
    figure = reading_figure(IMAGE, [MANY_TO_ONE, MAP_BY_MAP])
    for name, row, step in (("8", 1, 8), ("9", 2, 9), ("224", 28, 224)):
        frame = figure.frames[int(name) - 1]
        slow, fast = (note.text for note in frame.layout.annotations[2:])
        assert slow.startswith(f"row {row}")
        assert fast.startswith(f"step {step}")
        for text, one, number in ((slow, MANY_TO_ONE, row), (fast, MAP_BY_MAP, step)):
            assert f"{one.trace.probabilities[number - 1].max():.0%}" in text.split(";<br>")[1]
    shown = [note.text for note in figure.layout.annotations[2:4]]
    assert shown == [note.text for note in figure.frames[-1].layout.annotations[2:]]


def test_a_head_is_only_quoted_where_it_was_never_trained():
    frames = reading_figure(IMAGE, [MANY_TO_ONE]).frames
    quoted = ["asked now, it would say" in f.layout.annotations[1].text for f in frames]
    assert quoted == [True] * 27 + [False]


def test_an_empty_row_of_the_image_is_called_empty():
    sequence = MANY_TO_MANY.trace.sequence.copy()
    sequence[4] = 0
    emptied = replace(MANY_TO_MANY, trace=replace(MANY_TO_MANY.trace, sequence=sequence))
    told = [f.layout.annotations[1].text for f in reading_figure(IMAGE, [emptied]).frames]
    assert [row for row, text in enumerate(told, 1) if "was empty" in text] == [5]


def test_frames_only_move_annotations_that_hang_on_an_axis():
    figure = reading_figure(IMAGE, [MANY_TO_ONE, MANY_TO_MANY])
    changing = len(figure.frames[0].layout.annotations)
    assert {note.yref for note in figure.layout.annotations[:changing]} == {"y"}


def test_the_scan_line_goes_down_one_row_a_frame_and_the_veil_hides_what_follows():
    for row, frame in enumerate(reading_figure(IMAGE, [MANY_TO_ONE]).frames, start=1):
        veil, line = frame.layout.shapes
        assert (veil.y0, veil.y1) == (row, 28)
        assert (line.y0, line.y1) == (row, row)


def test_frames_never_send_a_heat_map_again():
    for one in ALL:
        assert not any(frame.data for frame in reading_figure(IMAGE, [one]).frames)


def test_the_figure_opens_with_everything_read():
    figure = reading_figure(IMAGE, [MANY_TO_ONE])
    assert figure.layout.sliders[0].active == 27
    assert figure.layout.shapes[0].y0 == 28
    assert figure.layout.annotations[0].text == figure.frames[-1].layout.annotations[0].text


def test_the_figure_opens_after_the_row_it_is_asked_for():
    for readings, active in (([MANY_TO_ONE], 11), ([MAP_BY_MAP, MANY_TO_ONE], 95)):
        figure = reading_figure(IMAGE, readings, opening_row=12)
        assert figure.layout.sliders[0].active == active
        assert figure.layout.shapes[1].y0 == 12
        assert figure.layout.annotations[0].text == figure.frames[active].layout.annotations[0].text


def test_a_reader_of_224_timesteps_sets_the_pace_and_a_reader_of_28_keeps_in_step():
    figure = reading_figure(IMAGE, [MAP_BY_MAP, MANY_TO_MANY])
    assert len(figure.frames) == 224
    for step in (1, 8, 9, 112, 224):
        slow = figure.frames[step - 1].layout.annotations[1].text
        row = -(-step // 8)
        assert slow.startswith(f"<b>{MANY_TO_MANY.trace.answers[row - 1]}</b>")


def test_the_image_stays_unveiled_when_it_is_not_read_row_by_row():
    assert reading_figure(IMAGE, [MAP_BY_MAP]).layout.shapes[0].x0 > 0
    assert reading_figure(IMAGE, [MAP_BY_MAP, MANY_TO_ONE]).layout.shapes[0].x0 == 0


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, len(ALL) - 1), min_size=1, max_size=3))
def test_panels_never_overlap_and_stay_within_the_figure(chosen):
    layout = reading_figure(IMAGE, [ALL[number] for number in chosen]).layout
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
