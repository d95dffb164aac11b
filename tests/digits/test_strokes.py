"""Strokes mean what the canvas shows."""

import contextlib
import copy
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.strokes import pencil, strokes_from_canvas
from mnist_rnn.errors import UserError

# A seven and a dot as streamlit-drawable-canvas 0.13 (Fabric.js 7.4) reports them.
SEVEN = {
    "type": "Path",
    "originX": "center",
    "originY": "center",
    "left": 123.5034,
    "top": 160,
    "width": 127.0468,
    "height": 200.04,
    "stroke": "#000000",
    "strokeWidth": 20,
    "scaleX": 1,
    "scaleY": 1,
    "angle": 0,
    "flipX": False,
    "flipY": False,
    "skewX": 0,
    "skewY": 0,
    "path": [
        ["M", 60.02, 59.98],
        ["Q", 60, 60, 130, 61],
        ["Q", 200, 62, 160, 101],
        ["Q", 120, 140, 90, 200],
        ["L", 59.98, 260.02],
    ],
}
DOT = SEVEN | {"left": 40, "top": 40, "path": [["M", 39.98, 40], ["L", 40.02, 40]]}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def canvas(*paths):
    return {"version": "7.4.0", "objects": list(paths), "background": "#ffffff"}


def only(json_data):
    (stroke,) = strokes_from_canvas(json_data)
    return stroke


def test_a_canvas_before_its_first_message_has_no_strokes():
    assert strokes_from_canvas(None) == []
    assert strokes_from_canvas(canvas()) == []


def test_a_stroke_lies_where_the_pen_went():
    stroke = only(canvas(SEVEN))
    assert stroke.width == 20
    assert stroke.points[0].tolist() == [60.02, 59.98]
    assert stroke.points[-1].tolist() == [59.98, 260.02]
    assert np.hypot(*np.diff(stroke.points[:-1], axis=0).T).max() < 8


def test_a_click_is_one_dot():
    stroke = only(canvas(DOT))
    assert np.ptp(stroke.points, axis=0).max() < 0.1
    assert stroke.points.mean(0) == pytest.approx([40, 40])


def test_strokes_keep_their_order():
    assert [len(s.points) > 2 for s in strokes_from_canvas(canvas(SEVEN, DOT))] == [True, False]


def test_a_moved_stroke_lies_where_it_was_moved():
    moved = only(canvas(SEVEN | {"left": SEVEN["left"] + 30, "top": SEVEN["top"] - 50}))
    by = moved.points - only(canvas(SEVEN)).points
    assert by == pytest.approx(np.broadcast_to([30, -50], by.shape), abs=0.011)


def test_a_stretched_stroke_gets_a_wider_pen():
    plain, twice = only(canvas(SEVEN)), only(canvas(SEVEN | {"scaleX": 2, "scaleY": 2}))
    assert twice.width == 40
    assert np.ptp(twice.points, axis=0) == pytest.approx(2 * np.ptp(plain.points, axis=0))


def test_a_turned_stroke_is_turned_clockwise():
    line = SEVEN | {"left": 100, "top": 100, "path": [["M", 50, 100], ["L", 150, 100]]}
    turned = only(canvas(line | {"angle": 90}))
    assert turned.points == pytest.approx(np.array([[100, 50], [100, 150]]))


def test_a_flipped_stroke_is_mirrored():
    line = SEVEN | {"left": 100, "top": 100, "path": [["M", 50, 90], ["L", 150, 110]]}
    flipped = only(canvas(line | {"flipX": True}))
    assert flipped.points == pytest.approx(np.array([[150, 90], [50, 110]]))


def test_a_slanted_stroke_leans():
    line = SEVEN | {"left": 100, "top": 100, "path": [["M", 100, 50], ["L", 100, 150]]}
    slanted = only(canvas(line | {"skewX": 45}))
    assert slanted.points == pytest.approx(np.array([[50, 50], [150, 150]]))


def test_anything_else_on_the_canvas_is_left_out():
    assert len(strokes_from_canvas(canvas({"type": "Circle", "radius": 3}, SEVEN))) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"path": []},
        {"path": [["L"]]},
        {"path": [["Q", 1, 2, 3, 4]]},
        {"path": [["M", 1, 2], ["Z"]]},
        {"path": [["M", 1, 2], ["C", 1, 2, 3, 4, 5, 6]]},
        {"path": [["M", 1, "2"]]},
        {"path": [["M", math.nan, 2]]},
        {"path": [["M", 1e308, 2], ["L", -1e308, 2]]},
        {"path": [["M", 1, 2], ["L", 1e6, 2]]},
        {"path": [["M", 10**400, 2]]},
        {"path": None},
        {"strokeWidth": 0},
        {"strokeWidth": 1e9},
        {"scaleX": 0},
        {"angle": None},
        {"left": math.inf},
    ],
)
def test_a_damaged_stroke_is_refused(change):
    with pytest.raises(UserError):
        strokes_from_canvas(canvas(SEVEN | change))


def test_an_endless_drawing_is_refused():
    path = [["M", 0, 0]] + [["L", n % 280, n % 7] for n in range(60_000)]
    with pytest.raises(UserError, match="too much"):
        strokes_from_canvas(canvas(SEVEN | {"path": path}))


@given(json_values)
def test_no_json_does_more_harm_than_a_sentence(json_data):
    with contextlib.suppress(UserError):
        strokes_from_canvas(json_data)


@given(st.sampled_from(sorted(SEVEN)), json_values, st.integers(0, 4), st.integers(0, 4))
def test_no_change_to_a_path_does_more_harm_than_a_sentence(key, value, command, number):
    path = copy.deepcopy(SEVEN)
    path[key] = value
    spoilt = copy.deepcopy(SEVEN)
    spoilt["path"][command][min(number, len(spoilt["path"][command]) - 1)] = value
    for changed in (path, spoilt):
        with contextlib.suppress(UserError):
            drawing_to_image(strokes_from_canvas(canvas(changed)))


def test_points_have_two_decimals():
    points = only(canvas(SEVEN | {"angle": 33})).points
    np.testing.assert_array_equal(
        points, [[float(f"{x:.2f}"), float(f"{y:.2f}")] for x, y in points]
    )


def test_the_pencil_follows_the_pointer_as_the_canvas_does():
    pointer = np.array([[60, 60], [200, 62], [120, 140], [60, 260]], float)
    # The canvas makes the ends longer by a thousandth of the pen's width.
    assert pencil(pointer, 20).points == pytest.approx(only(canvas(SEVEN)).points, abs=0.03)


def test_a_click_of_the_pencil_is_a_dot():
    assert np.ptp(pencil(np.array([[140.0, 140.0]]), 20).points, axis=0).max() == 0
