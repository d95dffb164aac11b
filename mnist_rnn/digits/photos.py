"""From an image file, a scan or a photo of a digit, to ink."""

import io
import math
import re
from collections.abc import Iterator
from itertools import islice

import numpy as np
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from mnist_rnn.digits.as_mnist import FAINTEST_INK
from mnist_rnn.errors import UserError

LARGEST_FILE_BYTES = 8 * 2**20
LARGEST_PIXELS = 16_000_000
MOST_SCANS = 64  # cameras and editors write about ten
MOST_SEGMENTS = 1000  # a photo has tens
# What begins a segment of a JPEG, or ends it all. Not so a stuffed byte (00), fill (FF), and the
# markers of the start (D8), between two parts of a scan (D0 to D7) and for a coder's use (01).
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
_START_OF_SCAN, _END = b"\xda", b"\xd9"
WORKING_PIXELS = 800
_COARSE_PIXELS = 64
_WINDOW = 25  # of the coarse pixels: wider than any stroke, narrower than a shadow
_FAINTEST_CONTRAST = 0.12
_DARKEST_PAPER = 0.05
_SMALLEST_PART = 0.05
TOO_LARGE = "This image has more than 16 million pixels. Choose a smaller one."
BLANK = "There is no digit in this image. Choose one with a dark digit on light, or light on dark."


def ink_from_image(data: bytes) -> np.ndarray:
    """The ink in a PNG or JPEG file: (h, w) float32 from 0 to 1, at most 800 pixels a side.

    The paper may be light or dark, unevenly lit or transparent. Raises UserError if the file is
    anything else, animated, too large, damaged or shows no digit.
    """
    if len(data) > LARGEST_FILE_BYTES:
        raise UserError("This file is larger than 8 megabytes. Choose a smaller image.")
    if not data:
        raise UserError("This file is empty. Choose a PNG or JPEG image.")
    if data.startswith(b"\xff\xd8"):
        segments = list(islice(_segments(data), MOST_SEGMENTS))
        # Each scan of a progressive JPEG goes over the whole picture, and may be 31 bytes long.
        if len(segments) == MOST_SEGMENTS or segments.count(_START_OF_SCAN) > MOST_SCANS:
            raise UserError("This image is damaged. Save it again or choose another.")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            grey = _grey(image)
    except UserError:
        raise
    except Image.DecompressionBombError as error:
        raise UserError(TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise UserError("This is not a PNG or JPEG image. Choose one that is.") from error
    except Exception as error:  # a hostile file can raise nearly anything inside a decoder
        raise UserError("This image is damaged. Save it again or choose another.") from error
    return _without_specks(_ink(grey))


def _segments(jpeg: bytes) -> Iterator[bytes]:
    """The markers of a JPEG's segments up to its end, behind which phones put videos and the like.

    As libjpeg finds them: a segment, and with it any thumbnail, is skipped by its length.
    """
    place = 0
    while (marker := _MARKER.search(jpeg, place)) and marker[1] != _END:
        yield marker[1]
        place = marker.end() + int.from_bytes(jpeg[marker.end() : marker.end() + 2])


def _grey(image: Image.Image) -> np.ndarray:
    """The upright image as grey levels (h, w) from 0, black, to 1, white.

    Sizes are checked on the header, before anything is decoded.
    """
    if image.width * image.height > LARGEST_PIXELS:
        raise UserError(TOO_LARGE)
    if image.format == "PNG" and getattr(image, "n_frames", 1) > 1:
        raise UserError("This image is animated. Choose one that stands still.")
    image.draft("L", (WORKING_PIXELS, WORKING_PIXELS))
    factor = math.ceil(max(image.size) / WORKING_PIXELS)
    if image.mode.startswith("I"):
        # Pillow would cut 16-bit levels off at 255 instead of scaling them.
        levels = np.asarray(image, np.uint16) >> 8
        still = Image.fromarray(levels.astype(np.uint8))
    elif image.has_transparency_data:
        still = image if image.mode == "RGBA" else image.convert("RGBA")
    else:
        still = image.convert("L")
    still = ImageOps.exif_transpose(still.reduce(factor))
    return _opaque(still) if still.mode == "RGBA" else np.asarray(still, np.float32) / 255


def _opaque(image: Image.Image) -> np.ndarray:
    """An RGBA image on a background that shows its digit, as grey levels (h, w).

    A picture with transparent corners or holes gets more of its own commonest tone; ink on
    nothing gets white paper, or black if nothing of it is dark.
    """
    grey = np.asarray(image.convert("L"), np.float32) / 255
    alpha = np.asarray(image.getchannel("A"), np.float32) / 255
    tones = grey[alpha > 0.5]
    if not tones.size:
        raise UserError(BLANK)
    border = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    if border.mean() > 0.5:
        background = float(np.median(tones))
    else:
        background = float(np.mean(tones < 0.5) > 0.03)
    return alpha * grey + (1 - alpha) * background


def _ink(grey: np.ndarray) -> np.ndarray:
    """How much each pixel differs from the paper around it, as a share of the strongest ink."""
    light_on_dark = _is_light_on_dark(grey)
    dark = 1 - grey if light_on_dark else grey
    paper = _paper(dark)
    # Half the light halves the difference too, so it is taken relative to the paper's own tone.
    tone = np.maximum(1 - paper if light_on_dark else paper, _DARKEST_PAPER)
    contrast = (paper - dark) / tone
    # The paper's own grain: its middle and, as in a normal distribution, its spread.
    middle = np.median(contrast)
    floor = max(middle + 4 * 1.5 * np.median(np.abs(contrast - middle)), 0)
    strongest = contrast.max()
    if (paper - dark).max() < _FAINTEST_CONTRAST or strongest < 1.5 * floor:
        raise UserError(BLANK)
    full = np.percentile(contrast[contrast > strongest / 2], 75)
    return np.clip((contrast - floor) / (full - floor), 0, 1).astype(np.float32)


def _is_light_on_dark(grey: np.ndarray) -> bool:
    """Whether what differs most from the border, a tilted plane, is lighter than it."""
    rows, columns = (np.linspace(-1, 1, side) for side in grey.shape)
    y, x = np.meshgrid(rows, columns, indexing="ij")
    edge = np.maximum(np.abs(x), np.abs(y)) > 0.9
    terms = np.stack([np.ones_like(x), x, y], -1)
    plane = terms @ np.linalg.lstsq(terms[edge], grey[edge], rcond=None)[0]
    darker, lighter = np.percentile(grey - plane, [0.5, 99.5])
    return bool(lighter > -darker)


def _paper(grey: np.ndarray) -> np.ndarray:
    """The paper without its dark ink, (h, w): a morphological closing, coarse and smoothed."""
    image = Image.fromarray(np.rint(grey * 255).astype(np.uint8))
    coarse = image.copy()
    coarse.thumbnail((_COARSE_PIXELS, _COARSE_PIXELS), Image.Resampling.BOX)
    for step in (ImageFilter.MaxFilter(_WINDOW), ImageFilter.MinFilter(_WINDOW)):
        coarse = coarse.filter(step)
    return np.asarray(coarse.resize(image.size, Image.Resampling.BILINEAR), np.float32) / 255


def _without_specks(ink: np.ndarray) -> np.ndarray:
    """The ink without the separate parts that are tiny beside the largest."""
    side = max(ink.shape)
    step = math.ceil(side / _COARSE_PIXELS)
    height, width = (math.ceil(length / step) for length in ink.shape)
    padded = np.zeros((height * step, width * step), np.float32)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    blocks = padded.reshape(height, step, width, step)
    parts = _parts(blocks.max((1, 3)) > FAINTEST_INK)
    mass = np.bincount(parts.ravel(), blocks.sum((1, 3)).ravel())
    mass[0] = 0
    kept = (mass > mass.max() * _SMALLEST_PART)[parts]
    return ink * kept.repeat(step, 0).repeat(step, 1)[: ink.shape[0], : ink.shape[1]]


def _parts(mask: np.ndarray) -> np.ndarray:
    """A number for each connected part of a mask (h, w), 0 outside of it."""
    labels = np.pad(np.arange(1, mask.size + 1).reshape(mask.shape) * mask, 1)
    while True:
        before = labels.copy()
        for axis in (0, 1):
            labels = np.maximum.reduce([np.roll(labels, shift, axis) for shift in (-1, 0, 1)])
        labels[1:-1, 1:-1] *= mask
        labels[[0, -1]] = 0
        labels[:, [0, -1]] = 0
        if (labels == before).all():
            return labels[1:-1, 1:-1]
