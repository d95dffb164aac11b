"""Strokes as few bytes, and as text for an address; and images as text for an address.

Of a line the steps from point to point change little: these changes are kept, x and y by turns,
each as in Protocol Buffers' sint32, where a small number takes one byte.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Sequence

import numpy as np

from mnist_rnn.config import ROWS
from mnist_rnn.digits.strokes import LARGEST_DRAWING_POINTS, PEN_PIXELS, Stroke, simplified
from mnist_rnn.errors import UserError

# In an address a stroke may leave its line by so many of the canvas's pixels, 1/80 of the pen.
_TOLERANCE_PIXELS = 0.25
_STEPS_A_PIXEL = 4
_FARTHEST_PIXELS = 10_000
LONGEST_ADDRESS = 6000
_UNREADABLE = "The drawing in this address can't be read."
_NO_PICTURE = "The picture in this address can't be read."
_LONGEST_PICTURE = 1200  # that of noise is 1,060 long, those of digits about 250


def pack(points: np.ndarray) -> bytes:
    """Points (n, 2) of whole numbers as bytes."""
    steps = np.diff(points, axis=0, prepend=0)
    changes = np.diff(steps, axis=0, prepend=0).ravel()
    packed = bytearray()
    for number in ((changes << 1) ^ (changes >> 63)).tolist():
        rest = number
        while rest > 127:
            packed.append(rest & 127 | 128)
            rest >>= 7
        packed.append(rest)
    return bytes(packed)


def unpack(packed: bytes) -> np.ndarray:
    """The points (n, 2) of such bytes; raises ValueError if they are none."""
    changes, number, shift = [], 0, 0
    for byte in packed:
        number |= (byte & 127) << shift
        shift += 7
        if shift > 35:
            raise ValueError
        if byte < 128:
            changes.append(number >> 1 ^ -(number & 1))
            number, shift = 0, 0
    if shift or not changes or len(changes) % 2:
        raise ValueError
    return np.reshape(changes, (-1, 2)).cumsum(0).cumsum(0)


def to_address(strokes: Sequence[Stroke]) -> str:
    """A drawing as text for an address, "" if it is too long for one: a stroke between dots."""
    texts = []
    for stroke in strokes:
        points = np.rint(simplified(stroke.points, _TOLERANCE_PIXELS) * _STEPS_A_PIXEL).astype(int)
        texts.append(base64.urlsafe_b64encode(pack(points)).decode().rstrip("="))
    text = ".".join(texts)
    return text if len(text) <= LONGEST_ADDRESS else ""


def from_address(text: str) -> list[Stroke]:
    """The strokes that an address has as text, drawn with the canvas's pen.

    Raises UserError if it is anything else.
    """
    if len(text) > LONGEST_ADDRESS or not re.fullmatch(r"[A-Za-z0-9_.-]+", text):
        raise UserError(_UNREADABLE)
    strokes = []
    for part in text.split("."):
        try:
            packed = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            points = unpack(packed) / _STEPS_A_PIXEL
        except (ValueError, binascii.Error) as error:
            raise UserError(_UNREADABLE) from error
        if np.abs(points).max() >= _FARTHEST_PIXELS:
            raise UserError(_UNREADABLE)
        strokes.append(Stroke(points, PEN_PIXELS))
    if sum(len(stroke.points) for stroke in strokes) > LARGEST_DRAWING_POINTS:
        raise UserError(_UNREADABLE)
    return strokes


def image_to_address(image: np.ndarray) -> str:
    """An image (28, 28) uint8 as text for an address."""
    return base64.urlsafe_b64encode(zlib.compress(image.tobytes(), 9)).decode().rstrip("=")


def image_from_address(text: str) -> np.ndarray:
    """The image (28, 28) uint8 that an address has as text; raises UserError if it has none."""
    if len(text) > _LONGEST_PICTURE or not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise UserError(_NO_PICTURE)
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        # No more than one byte beyond an image is ever unpacked.
        unpacker = zlib.decompressobj()
        levels = unpacker.decompress(packed, ROWS * ROWS + 1)
    except (ValueError, zlib.error) as error:
        raise UserError(_NO_PICTURE) from error
    if len(levels) != ROWS * ROWS or not unpacker.eof:
        raise UserError(_NO_PICTURE)
    return np.frombuffer(levels, np.uint8).reshape(ROWS, ROWS)
