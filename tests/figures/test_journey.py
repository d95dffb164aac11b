"""The maps of the journey show where memories are, and only what has been read of a digit."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_rnn.figures.draw.journey import journey_figure
from mnist_rnn.figures.draw.memory_map import Journey
from mnist_rnn.figures.draw.tiles import Tiles, tile_strip
from mnist_rnn.figures.palette import PALETTES

RANDOM = np.random.default_rng(5)
LABELS = np.repeat(np.arange(10, dtype=np.uint8), 4)
CENTRES = np.stack([np.arange(10.0), np.arange(10.0) % 3], 1)
JOURNEY = Journey(
    title="A reader",
    colour="#0072B2",
    path=RANDOM.normal(size=(29, 2)),
    crowd=CENTRES[LABELS] + 0.01 * RANDOM.normal(size=(28, 40, 2)),
    labels=LABELS,
    centres=CENTRES,
    answer=3,
    trained=True,
    explained=0.37,
    neighbours=Tiles("most alike", np.full((2, 28, 28), 200, np.uint8), ["4", "9"]),
    rows_read=12,
)


def texts(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def scatters(figure) -> list:
    return [trace for trace in figure.data if trace.type == "scatter"]


def test_every_digit_of_the_crowd_stands_where_its_memory_is_at_the_row():
    crowd = journey_figure([JOURNEY], 12).data[0]
    np.testing.assert_allclose(np.stack([crowd.x, crowd.y], 1), JOURNEY.crowd[11], rtol=1e-5)
    np.testing.assert_array_equal(crowd.marker.color, LABELS)


def test_each_class_has_a_colour_of_its_own_in_both_themes():
    for theme, palette in PALETTES.items():
        assert len(set(palette.classes)) == 10
        scale = journey_figure([JOURNEY], 12, theme).data[0].marker.colorscale
        for digit, colour in enumerate(palette.classes):
            around = [c for at, c in scale if digit / 10 <= at <= (digit + 1) / 10]
            assert around.count(colour) == 2


def test_each_class_is_named_at_its_middle_or_listed_as_not_parted():
    assert {f"<b>{digit}</b>" for digit in range(10)} <= set(texts(journey_figure([JOURNEY], 12)))
    close = CENTRES.copy()
    close[[1, 4, 8]] = CENTRES[1]
    shown = texts(journey_figure([replace(JOURNEY, centres=close)], 12))
    assert "not yet separated: <b>1 4 8</b>" in shown
    assert "<b>1</b>" not in shown


def test_the_path_is_bold_to_the_row_and_dotted_after_it():
    lines = [trace for trace in scatters(journey_figure([JOURNEY], 12)) if trace.mode == "lines"]
    ahead, _, read = lines
    assert ahead.line.dash == "dot"
    np.testing.assert_allclose(np.stack([read.x, read.y], 1), JOURNEY.path[:13])
    np.testing.assert_allclose(np.stack([ahead.x, ahead.y], 1), JOURNEY.path[12:])


def test_the_path_has_a_start_numbers_along_it_and_the_answer_at_its_end():
    figure = journey_figure([JOURNEY], 12)
    named = {tuple(t.text): (t.x, t.y) for t in scatters(figure) if t.mode == "markers+text"}
    assert list(named) == [("start",), ("5", "10")]
    np.testing.assert_allclose(named["5", "10"], JOURNEY.path[[5, 10]].T)
    head = figure.layout.annotations[10]
    assert (head.text, head.x, head.y) == ("<b>3</b>", *JOURNEY.path[12])


def test_an_answer_of_an_untrained_head_is_grey():
    def colour(journey):
        return journey_figure([journey], 12).layout.annotations[10].bgcolor

    assert colour(JOURNEY) == PALETTES["light"].scan
    assert colour(replace(JOURNEY, trained=False)) != PALETTES["light"].scan


def test_the_map_stands_still_while_the_row_changes_and_holds_every_row():
    layouts = [journey_figure([JOURNEY], row).layout for row in (1, 28)]
    for name in ("xaxis", "yaxis"):
        assert layouts[0][name].range == layouts[1][name].range
    points = np.concatenate([JOURNEY.crowd.reshape(-1, 2), JOURNEY.path])
    for number, name in enumerate(("xaxis", "yaxis")):
        low, high = layouts[0][name].range
        assert low < points[:, number].min() < points[:, number].max() < high


@pytest.mark.parametrize("count", [1, 2, 3])
def test_maps_stand_side_by_side_each_above_its_neighbours(count):
    layout = journey_figure([JOURNEY] * count, 12).layout
    spans = [layout[f"xaxis{n or ''}"].domain for n in (0, 3, 5)[:count]]
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert edges[-1] == pytest.approx(1)
    for number in range(count):
        assert layout[f"yaxis{2 * number + 2}"].domain[1] < layout.yaxis.domain[0]


def test_how_much_the_map_shows_is_said():
    assert "these two dimensions keep 37% of the variance" in texts(journey_figure([JOURNEY], 12))


def test_tiles_are_side_by_side_and_dim_below_the_rows_read():
    strip = tile_strip(np.full((3, 28, 28), 200, np.uint8), 12)
    assert strip.shape == (28, 3 * 28 + 2 * 3)
    assert (strip[:12, :28] == 200).all()
    assert (strip[:12, 31:59] == 200).all()
    assert (strip[12:, :28] == 66).all()
    assert (strip[:, 28:31] == 0).all()
    assert strip.dtype == np.uint8
