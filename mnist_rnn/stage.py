"""What the reading stage of assets/stage is told, on the Draw page or in a file taken home."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnist_rnn.digits.packing import pack
from mnist_rnn.digits.strokes import CANVAS_PIXELS, PEN_PIXELS, Stroke
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import to_bytes

SWITCHES = ("step", "peek", "every", "hide")
FOLDER = Path(__file__).resolve().parents[1] / "assets" / "stage"


def network_message(name: str, reader: Reader, means: np.ndarray) -> bytes:
    """The weights of a network that the stage calls `name`, and its `mean_memories`."""
    return to_bytes({**reader.tensors, "memory.means": means}, reader.card, name=name)


def digit_message(
    image: np.ndarray | None,
    label: int | None = None,
    strokes: Sequence[Stroke] = (),
    chosen: Sequence[int] = (),
) -> dict[str, Any]:
    """A digit as strokes on the canvas, or as an image (28, 28) uint8 of some class.

    chosen: the numbers, from 0, of the strokes that it is made of.
    """
    return {
        "strokes": [_packed(stroke) for stroke in strokes],
        "chosen": list(chosen),
        "canvas": {"pixels": CANVAS_PIXELS, "width": PEN_PIXELS},
        "image": None if image is None else b64encode(image.tobytes()).decode(),
        "label": label,
    }


def _packed(stroke: Stroke) -> tuple[float, str]:
    """Its width, and its points in hundredths of a pixel, packed, in base64.

    All strokes are sent after each, so that their size counts.
    """
    points = np.rint(100 * stroke.points).astype(int)
    return stroke.width, b64encode(pack(points)).decode()
