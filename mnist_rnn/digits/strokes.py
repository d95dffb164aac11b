"""What a pen did on the canvas: strokes.

A stroke is a line that a pen of some width followed. Keeping the line instead of its pixels lets
the same drawing be inked again with any pen, at any size.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from mnist_rnn.errors import UserError

# The canvas of the Draw page and its pen.
CANVAS_PIXELS, PEN_PIXELS = 280, 20
LARGEST_DRAWING_POINTS, LARGEST_DRAWING_COMMANDS = 20_000, 10_000
_FARTHEST_PIXELS = 10_000.0
_CURVE_STEP_PIXELS = 3.0
_DECIMALS = 2
_UNREADABLE = "This drawing could not be read. Clear the canvas and draw again."
_TOO_MUCH = "There is too much on this drawing. Clear the canvas and draw one digit."


@dataclass(frozen=True)
class Stroke:
    """A line drawn without lifting the pen.

    points: (n, 2), x to the right and y down, in canvas pixels; n is at least 1.
    width: the pen's width in canvas pixels.
    """

    points: np.ndarray
    width: float


def strokes_from_canvas(json_data: Mapping[str, Any] | None) -> list[Stroke]:
    """The pen strokes in the JSON of a drawable canvas, in the order in which they were drawn.

    The JSON is that of Fabric.js 7, in which each stroke is a `Path` of quadratic curves, placed
    by its centre. None, the canvas before its first message, is a drawing without strokes. Points
    have two decimals: so the browser can be sent the very same ones.
    Raises UserError if it is anything else.
    """
    if json_data is None:
        return []
    try:
        paths = [item for item in json_data["objects"] if item["type"].lower() == "path"]
        # Counted first: a curve becomes a hundred times its size in points.
        if sum(len(path["path"]) for path in paths) > LARGEST_DRAWING_COMMANDS:
            raise UserError(_TOO_MUCH)
        strokes = [_stroke(path) for path in paths]
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise UserError(_UNREADABLE) from error
    if sum(len(stroke.points) for stroke in strokes) > LARGEST_DRAWING_POINTS:
        raise UserError(_TOO_MUCH)
    return strokes


def simplified(points: np.ndarray, tolerance: float) -> np.ndarray:
    """Those of the points (n, 2) of a line that it needs to stay where it is, within a tolerance.

    U. Ramer, An iterative procedure for the polygonal approximation of plane curves (1972).
    """
    kept = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        start, way = points[first], points[last] - points[first]
        between = points[first : last + 1] - start
        shares = np.clip(between @ way / max(way @ way, 1e-12), 0, 1)
        apart = np.hypot(*(between - shares[:, None] * way).T)
        farthest = int(apart.argmax())
        if apart[farthest] > tolerance:
            middle = first + farthest
            kept.add(middle)
            spans += [(first, middle), (middle, last)]
    return points[sorted(kept)]


def canvas_json(strokes: Sequence[Stroke]) -> dict[str, Any]:
    """The JSON of a drawable canvas that shows these strokes as white lines."""
    objects = []
    for stroke in strokes:
        start, *rest = stroke.points.tolist()
        left, top = (stroke.points.min(0) + stroke.points.max(0)) / 2
        objects.append(
            {
                "type": "Path",
                "path": [["M", *start], *(["L", *point] for point in rest or [start])],
                "left": float(left),
                "top": float(top),
                "originX": "center",
                "originY": "center",
                "fill": None,
                "stroke": "#ffffff",
                "strokeWidth": stroke.width,
                "strokeLineCap": "round",
                "strokeLineJoin": "round",
            }
        )
    return {"version": "7.0.0", "objects": objects}


def pencil(positions: np.ndarray, width: float) -> Stroke:
    """The stroke that the canvas's pencil makes of the positions (n, 2) of a pointer.

    Like Fabric.js, it draws quadratic curves from middle to middle of the positions.
    """
    ends = np.repeat(positions, 2, axis=0) if len(positions) == 1 else positions
    commands: list[tuple[Any, ...]] = [("M", *ends[0])]
    for start, end in pairwise(ends):
        if (start != end).any():
            commands.append(("Q", *start, *((start + end) / 2)))
    line, _ = _flatten([*commands, ("L", *ends[-1])])
    return Stroke(line, width)


def _stroke(path: Mapping[str, Any]) -> Stroke:
    """The stroke that a Fabric.js path shows, moved, turned and stretched as it was."""
    line, outline = _flatten(path["path"])
    middle = (outline.min(0) + outline.max(0)) / 2
    place = np.array([_number(path["left"]), _number(path["top"])])
    matrix = _matrix(path)
    points = (line - middle) @ matrix.T + place
    width = _number(path["strokeWidth"]) * math.sqrt(abs(np.linalg.det(matrix)))
    if not (np.abs(points).max() < _FARTHEST_PIXELS and 0 < width < _FARTHEST_PIXELS):
        raise ValueError
    return Stroke(points.round(_DECIMALS), width)


def _flatten(commands: Sequence[Sequence[Any]]) -> tuple[np.ndarray, np.ndarray]:
    """The points along a path, and the points whose box is what Fabric.js takes as the path's.

    Fabric.js boxes a quadratic curve as if it were the cubic one with a doubled control point.
    """
    line: list[np.ndarray] = []
    outline: list[np.ndarray] = []
    for letter, *numbers in commands:
        corners = np.array([_number(number) for number in numbers]).reshape(-1, 2)
        if len(corners) != {"M": 1, "L": 1, "Q": 2}[letter]:
            raise ValueError
        if len(corners) == 1:
            line.append(corners)
            outline.append(corners)
            continue
        start, control, end = line[-1][-1], corners[0], corners[1]
        length = np.hypot(*(control - start)) + np.hypot(*(end - control))
        steps = int(min(max(length / _CURVE_STEP_PIXELS, 1), 100)) + 1
        t = np.linspace(0, 1, steps + 1)[1:, None]
        s = 1 - t
        line.append(s * s * start + 2 * s * t * control + t * t * end)
        # It reaches farthest at its end, or where it turns round, across or down.
        turns = (control - start) * (end - control) < 0
        t = 1 / (1 + np.sqrt((end - control)[turns] / (start - control)[turns]))[:, None]
        s = 1 - t
        outline += [corners[1:], s**3 * start + 3 * s * t * control + t**3 * end]
    return np.concatenate(line), np.concatenate(outline)


def _matrix(path: Mapping[str, Any]) -> np.ndarray:
    """The (2, 2) matrix by which the canvas's edit mode turned, stretched and slanted a path."""
    turn, slant_x, slant_y = (
        math.radians(_number(path.get(name, 0))) for name in ("angle", "skewX", "skewY")
    )
    stretch_x, stretch_y = (
        _number(path.get(f"scale{axis}", 1)) * (-1 if path.get(f"flip{axis}") is True else 1)
        for axis in "XY"
    )
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    shears = np.array([[1, math.tan(slant_x)], [0, 1]]) @ [[1, 0], [math.tan(slant_y), 1]]
    return rotation @ np.diag([stretch_x, stretch_y]) @ shears


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError
    return float(value)
