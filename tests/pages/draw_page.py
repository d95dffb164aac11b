"""What tests of the Draw page draw, and what its stage is told."""

import json
from base64 import b64decode

import numpy as np
from streamlit.testing.v1 import AppTest

from mnist_rnn.digits.strokes import Stroke


def stroke(*corners: tuple[float, float]) -> dict:
    """A stroke along straight lines, as the canvas sends it."""
    points = np.array(corners)
    left, top = (points.min(0) + points.max(0)) / 2
    path = [["M", *corners[0]], *(["L", *corner] for corner in corners[1:])]
    return {"type": "Path", "path": path, "left": left, "top": top, "strokeWidth": 20}


ONE = [stroke((140, 40), (140, 240))]
SEVEN = [stroke((80, 60), (200, 60), (130, 230)), stroke((120, 150), (190, 150))]


def draw(page: AppTest, strokes: list[dict]) -> AppTest:
    """What the page is after these strokes, as if it had been left and opened again."""
    page.session_state["drawing"] = {"objects": strokes}
    page.session_state["canvas_version"] = 1
    return page.run()


def components(page: AppTest, name: str) -> list:
    assert not page.exception
    found = [element.proto for element in page.get("bidi_component")]
    return [proto for proto in found if proto.component_name == name]


def told(page: AppTest) -> dict:
    """What the stage is told."""
    (stage,) = components(page, "reading_stage")
    return json.loads(stage.json)


def image_of(page: AppTest) -> np.ndarray:
    """The image that the stage is told to show, as nothing drawn is."""
    return np.frombuffer(b64decode(told(page)["image"]), np.uint8).reshape(28, 28)


def strokes_of(page: AppTest) -> list[Stroke]:
    """The strokes that the stage is told, unpacked."""
    return [Stroke(unpacked(text), width) for width, text in told(page)["strokes"]]


def unpacked(text: str) -> np.ndarray:
    """Points (n, 2), of how the steps between them change, as sint32 in hundredths."""
    changes, number, shift = [], 0, 0
    for byte in b64decode(text):
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            changes.append(number >> 1 ^ -(number & 1))
            number, shift = 0, 0
    return np.reshape(changes, (-1, 2)).cumsum(0).cumsum(0) / 100
