"""Pictures of a seven in files of every kind, and what comes of such a file."""

import io
import struct
import zlib
from functools import cache

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.ink import coverage
from mnist_rnn.digits.photos import photo_from_file
from mnist_rnn.digits.strokes import Stroke
from mnist_rnn.errors import UserError

pillow_heif.register_heif_opener()  # the tests write such files too
SEVEN = np.array([[60.0, 60.0], [180.0, 60.0], [110.0, 240.0]])


def png(levels, mode=None, **options):
    image = Image.fromarray(levels) if mode is None else Image.fromarray(levels).convert(mode)
    return encoded(image, "PNG", **options)


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@cache
def paper():
    """A black seven on white paper, (280, 280) uint8."""
    ink = coverage([Stroke(SEVEN, 20.0)], 280, 280)
    return np.rint(255 * (1 - ink)).astype(np.uint8)


@cache
def expected():
    return to_mnist(1 - paper().astype(np.float32) / 255)


def image_in(data):
    """The image (28, 28) of the first digit in a file."""
    return to_mnist(photo_from_file(data).digits[0].ink)


def difference(data):
    """Mean absolute difference from the seven's image, in grey levels of 255."""
    return float(np.abs(image_in(data).astype(float) - expected()).mean())


def header(width, height):
    """A PNG file that claims to be this large and holds almost nothing."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(1000))),
            (b"IEND", b""),
        )
    )


def refused(data):
    """The sentence with which a file is refused."""
    with pytest.raises(UserError) as error:
        image_in(data)
    sentence = str(error.value)
    assert sentence.endswith(".")
    assert len(sentence) < 160
    return sentence
