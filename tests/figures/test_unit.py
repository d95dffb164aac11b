"""The figure of one unit: what it weighs, what it becomes, what it votes for."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_rnn.analysis.sentences import moment_name
from mnist_rnn.analysis.units import Recipe
from mnist_rnn.config import ROWS
from mnist_rnn.figures.draw.tiles import Tiles
from mnist_rnn.figures.draw.unit import unit_figure
from mnist_rnn.figures.draw.unit_sum import Portrait
from mnist_rnn.figures.palette import PALETTES

RANDOM = np.random.default_rng(9)


def portrait(row: int = 12, timesteps: int = 28, features: int = 28) -> Portrait:
    tiles = Tiles("digits", np.zeros((2, 28, 28), np.uint8), ["+1.00", "+0.50"])
    return Portrait(
        name="unit 14",
        row=row,
        timestep=row * timesteps // ROWS - 1,
        sequence=RANDOM.uniform(0, 1, (timesteps, features)),
        of_pixels=timesteps == features,
        values=RANDOM.uniform(-1, 1, timesteps),
        input_weights=RANDOM.normal(size=features),
        heard=("3", "1"),
        heard_weights=np.array([2.0, -1.0]),
        heard_values=RANDOM.uniform(-1, 1, (timesteps, 2)),
        reach=1.0,
        votes=RANDOM.normal(size=10),
        votes_trained=True,
        recipe=Recipe(-0.87, -0.5, -0.15),
        gated=False,
        most=tiles,
        least=tiles,
        rows_read=row,
    )


def bands(figure, axis: str) -> list:
    """The heat maps under the scan line of a panel: weights, then products."""
    return [t for t in figure.data if t.type == "heatmap" and t.xaxis == axis and t.y is not None]


def texts(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize(("timesteps", "features"), [(28, 28), (224, 28), (28, 224)])
@pytest.mark.parametrize("row", [1, 12, 28])
def test_weights_and_their_products_lie_under_the_row_being_read(row, timesteps, features):
    one = portrait(row, timesteps, features)
    weights, products = bands(unit_figure(one), "x")
    np.testing.assert_allclose(weights.z[0], one.input_weights, rtol=1e-5)
    read = one.sequence[one.timestep]
    np.testing.assert_allclose(products.z[0], one.input_weights * read, rtol=1e-5)
    assert row < weights.y[0] < weights.y[1] < products.y[0] < products.y[1]
    assert products.y[1] < unit_figure(one).layout.yaxis.range[0]


def test_a_unit_hears_the_memory_of_the_row_before():
    one = portrait(12)
    weights, products = bands(unit_figure(one), "x2")
    np.testing.assert_allclose(weights.z[0], [2, -1])
    np.testing.assert_allclose(products.z[0], one.heard_values[10] * [2, -1], rtol=1e-5)
    assert unit_figure(one).layout.xaxis2.ticktext == ("3", "1")


def test_at_the_first_row_it_hears_nothing():
    _, products = bands(unit_figure(portrait(1)), "x2")
    assert not np.any(products.z)


@pytest.mark.parametrize("row", [1, 12, 28])
def test_what_has_not_been_read_is_faint_and_all_of_it_keeps_its_place(row):
    one = portrait(row)
    parts = [t for t in unit_figure(one).data if t.type == "heatmap" and t.xaxis == "x"]
    parts = [t for t in parts if t.dy is not None]
    np.testing.assert_allclose(np.concatenate([t.z for t in parts]), one.sequence, rtol=1e-5)
    assert [len(t.z) for t in parts] == ([row, 28 - row] if row < 28 else [28])
    assert parts[0].y0 - parts[0].dy / 2 == pytest.approx(0)
    for faint in parts[1:]:
        assert faint.opacity < 0.2
        assert faint.y0 - faint.dy / 2 == pytest.approx(row)


def test_the_equation_stands_above_the_panels_with_its_numbers():
    shown = texts(unit_figure(portrait(12)))
    for part in ("<b>−0.87</b>", "from row 12", "<b>−0.50</b>", "<b>tanh(−1.52) = −0.91</b>"):
        assert part in shown
    assert "its value (bias −0.15)" in shown


def test_a_gated_unit_says_what_its_gates_make_of_the_new_content():
    one = portrait(12)
    one = replace(one, gated=True, values=np.full(28, 0.25))
    assert "bias −0.15, after its gates +0.25" in texts(unit_figure(one))


def test_votes_are_outlined_at_a_value_of_1_and_filled_as_they_are_now():
    one = portrait(12)
    outline, now = (t for t in unit_figure(one).data if t.type == "bar" and t.xaxis == "x4")
    np.testing.assert_allclose(outline.y, one.votes, rtol=1e-5)
    np.testing.assert_allclose(now.y, one.votes * one.values[11], rtol=1e-5)


def test_votes_of_an_untrained_head_are_grey_and_said_to_be():
    one = replace(portrait(12), votes_trained=False)
    figure = unit_figure(one)
    now = [t for t in figure.data if t.type == "bar" and t.xaxis == "x4"][1]
    assert set(now.marker.color) == {PALETTES["light"].muted}
    assert "its votes, not trained here" in texts(figure)


def test_a_moment_is_a_row_or_a_timestep_of_a_longer_sequence():
    assert moment_name(14, 28) == "row 14"
    assert moment_name(14, 224) == "timestep 112"
