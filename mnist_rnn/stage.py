"""What the reading stage of assets/stage is told, on the Draw page or in a file taken home."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnist_rnn.digits.strokes import CANVAS_PIXELS, PEN_PIXELS, Stroke
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import to_bytes

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
    """Its width, and base64 of how the steps from point to point change, in hundredths of a pixel.

    x and y by turns, each as in Protocol Buffers' sint32: along a curve steps change little, and
    take a byte or two. All strokes are sent after each, so that their size counts.
    """
    steps = np.diff(np.rint(100 * stroke.points).astype(int), axis=0, prepend=0)
    changes = np.diff(steps, axis=0, prepend=0).ravel()
    packed = bytearray()
    for number in ((changes << 1) ^ (changes >> 63)).tolist():
        rest = number
        while rest > 127:
            packed.append(rest & 127 | 128)
            rest >>= 7
        packed.append(rest)
    return stroke.width, b64encode(packed).decode()
