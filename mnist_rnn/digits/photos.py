"""From an image file, a scan or a photo, to the digits on it."""

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from mnist_rnn.digits.paper import BLANK, framed, ink_on_paper
from mnist_rnn.digits.several import FoundDigit, digits_in
from mnist_rnn.errors import UserError

LARGEST_FILE_BYTES = 25 * 2**20
# Decoding may take 200 MB. A JPEG is made smaller while it is decoded, unless its coder has to see
# all of it first; a WebP is held four times, and so is a HEIC unless it is as phones make them.
_MILLION = 1_000_000
LARGEST_JPEG, LARGEST_HEIC = 51 * _MILLION, 25 * _MILLION  # "50" and "24" megapixels of phones
LARGEST_PIXELS = {"PNG": 16 * _MILLION, "JPEG": 16 * _MILLION, "WEBP": 12 * _MILLION}
LARGEST_RICH_HEIC = 12 * _MILLION
MOST_SCANS = 64  # cameras and editors write about ten
MOST_SEGMENTS = 1000  # a photo has tens
# What begins a segment of a JPEG, or ends it all. Not so a stuffed byte (00), fill (FF), and the
# markers of the start (D8), between two parts of a scan (D0 to D7) and for a coder's use (01).
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
_START_OF_SCAN, _END = b"\xda", b"\xd9"
_FRAMES = re.compile(rb"[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]")
_SEQUENTIAL_FRAMES = b"\xc0", b"\xc1"
WORKING_PIXELS = 800
FORMATS = "PNG, JPEG, WebP or HEIC"
DAMAGED = "This image is damaged. Save it again or choose another."


@dataclass(frozen=True)
class Photo:
    """A picture, upright: `grey` (h, w) from 0, black, to 1, white; at most 800 pixels a side.

    digits: what was found on it, row by row from left to right; at least one.
    """

    grey: np.ndarray
    digits: list[FoundDigit]


def photo_from_file(data: bytes) -> Photo:
    """What a PNG, JPEG, WebP or HEIC file shows.

    The paper may be light or dark, unevenly lit, ruled, squared or transparent. Raises UserError if
    the file is anything else, animated, too large, damaged or shows no digit.
    """
    if len(data) > LARGEST_FILE_BYTES:
        raise UserError("This file is larger than 25 megabytes. Choose a smaller image.")
    if not data:
        raise UserError(f"This file is empty. Choose a {FORMATS} image.")
    try:
        heic = pillow_heif.get_file_mimetype(data[:12]).startswith("image/hei")
        grey = _grey_of_heic(data) if heic else _grey_of_others(data)
    except UserError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(LARGEST_PIXELS["PNG"]) from error
    except UnidentifiedImageError as error:
        raise UserError(f"This is not a {FORMATS} image. Choose one that is.") from error
    except Exception as error:  # a hostile file can raise nearly anything inside a decoder
        raise UserError(DAMAGED) from error
    return Photo(grey, _digits_on(grey))


def _digits_on(grey: np.ndarray) -> list[FoundDigit]:
    """The digits in each frame of a figure or, without one, on the whole picture."""
    found = []
    for frame in framed(grey):
        digits = digits_in(ink_on_paper(frame.of(grey)))
        found += [digit.moved(frame.left, frame.top) for digit in digits]
    found = found or digits_in(ink_on_paper(grey))
    if not found:
        raise UserError(BLANK)
    return found


def _grey_of_heic(data: bytes) -> np.ndarray:
    """As grey levels (h, w). libheif turns it upright, and refuses more pixels than declared."""
    image = pillow_heif.open_heif(io.BytesIO(data))
    plain = image.info["bit_depth"] == 8 and image.info.get("chroma", 420) == 420
    _check_size(image.size, LARGEST_HEIC if plain else LARGEST_RICH_HEIC)
    step = max(1, max(image.size) // (2 * WORKING_PIXELS))
    # Every second pixel or so, seen without a copy: a copy of all would take as much again.
    return _grey(Image.fromarray(np.ascontiguousarray(np.asarray(image)[::step, ::step])))


def _grey_of_others(data: bytes) -> np.ndarray:
    """As grey levels (h, w). Sizes are checked on the header, before anything is decoded."""
    most = _largest_jpeg(data) if data.startswith(b"\xff\xd8") else 0
    with Image.open(io.BytesIO(data), formats=tuple(LARGEST_PIXELS)) as image:
        _check_size(image.size, most or LARGEST_PIXELS[str(image.format)])
        if not most and getattr(image, "n_frames", 1) > 1:
            raise UserError("This image is animated. Choose one that stands still.")
        factor = math.ceil(max(image.size) / WORKING_PIXELS)
        image.draft("L", (max(1, image.width // factor), max(1, image.height // factor)))
        return _grey(image)


def _check_size(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise _too_large(most)


def _too_large(most: int) -> UserError:
    millions = most // _MILLION
    return UserError(f"This image has more than {millions} million pixels. Choose a smaller one.")


def _largest_jpeg(data: bytes) -> int:
    """How many pixels a JPEG may have: fewer if its coder keeps all of them until the last scan.

    Raises UserError if it has more scans or segments than any camera makes: each scan of a
    progressive JPEG goes over the whole picture, and may be 31 bytes long.
    """
    segments = list(islice(_segments(data), MOST_SEGMENTS))
    scans = [body for marker, body in segments if marker == _START_OF_SCAN]
    if len(segments) == MOST_SEGMENTS or len(scans) > MOST_SCANS:
        raise UserError(DAMAGED)
    frames = [(marker, body) for marker, body in segments if _FRAMES.match(marker)]
    one_scan = (
        len(frames) == 1
        and frames[0][0] in _SEQUENTIAL_FRAMES
        # As many colours in the first scan as there are.
        and bool(scans)
        and scans[0][:1] == frames[0][1][5:6]
    )
    return LARGEST_JPEG if one_scan else LARGEST_PIXELS["JPEG"]


def _segments(jpeg: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The markers of a JPEG's segments, each with how it begins, up to the picture's end.

    Behind it phones put videos and the like. As libjpeg finds them: a segment, and with it any
    thumbnail, is skipped by its length.
    """
    place = 0
    while (marker := _MARKER.search(jpeg, place)) and marker[1] != _END:
        body = marker.end() + 2
        yield marker[1], jpeg[body : body + 6]
        place = marker.end() + int.from_bytes(jpeg[marker.end() : body])


def _grey(image: Image.Image) -> np.ndarray:
    """The upright image as grey levels (h, w) from 0, black, to 1, white."""
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
