"""From the grey levels of a photo to ink: what is paper, light, grain, ruling or a frame is not."""

import math

import numpy as np
from PIL import Image, ImageFilter

from mnist_rnn.digits.as_mnist import FAINTEST_INK
from mnist_rnn.digits.parts import Box, parts_of
from mnist_rnn.errors import UserError

BLANK = "There is no digit in this image. Choose one with a dark digit on light, or light on dark."
_COARSE_PIXELS = 64
_WINDOW = 25  # of the coarse pixels: wider than any stroke, narrower than a shadow
_MEDIAN_WINDOW = 33
_FAINTEST_CONTRAST = 0.12
_DARKEST_PAPER = 0.05
_RULINGS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)  # how dark lines may be, beside the ink
_RULED_PIXELS = 400
_EVEN = 0.02  # of the grey levels: paper that a program made
_LEAST_FRAME = 0.2


def ink_on_paper(grey: np.ndarray) -> np.ndarray:
    """How much each pixel (h, w) differs from the paper around it, as a share of the strongest ink.

    float32 from 0 to 1. The paper may be light or dark, unevenly lit, ruled or squared.
    Raises UserError if nothing differs from it.
    """
    light_on_dark = _is_light_on_dark(grey)
    dark = 1 - grey if light_on_dark else grey
    paper = _paper(dark)
    # Half the light halves the difference too, so it is taken relative to the paper's own tone.
    tone = np.maximum(1 - paper if light_on_dark else paper, _DARKEST_PAPER)
    contrast = (paper - dark) / tone
    strongest = contrast.max()
    floor = _floor(contrast)
    if (paper - dark).max() < _FAINTEST_CONTRAST or strongest < 1.5 * floor:
        raise UserError(BLANK)
    full = np.percentile(contrast[contrast > strongest / 2], 75)
    ink = np.clip((contrast - floor) / (full - floor), 0, 1)
    ruling = _ruling(ink)
    return (np.clip(ink - ruling, 0, 1) / (1 - ruling)).astype(np.float32)


def framed(grey: np.ndarray) -> list[Box]:
    """What is inside the frames of a figure, as of a plot with its axes; none in a photo.

    A frame is a part with four straight sides on paper of one tone, or a whole square of its own.
    """
    ring = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    tone = np.median(ring)
    if np.mean(np.abs(ring - tone) < _EVEN) < 0.95:
        return []
    parts = parts_of(np.abs(grey - tone) > 2 * _FAINTEST_CONTRAST, max(grey.shape))
    insides = []
    for number, box in enumerate(parts.boxes, 1):
        if min(box.height, box.width) > _LEAST_FRAME * min(grey.shape):
            inside = _inside(box.of(parts.labels) == number, box)
            if inside and np.ptp(inside.of(grey)) > _FAINTEST_CONTRAST:
                insides.append(inside)
    return insides


def _inside(part: np.ndarray, box: Box) -> Box | None:
    """The box within the lines that a part (h, w) has along its four sides; ticks stick out."""
    down, across = (
        np.flatnonzero(part.mean(axis) > 0.85) for axis in (1, 0)
    )  # rows and columns that are lines
    if not (len(down) and np.ptp(down) > 0.8 * box.height):
        return None
    if not (len(across) and np.ptp(across) > 0.8 * box.width):
        return None
    margin = 2 + round(0.02 * max(box.height, box.width))
    return Box(
        int(box.left + across[0] + margin),
        int(box.top + down[0] + margin),
        int(box.left + across[-1] + 1 - margin),
        int(box.top + down[-1] + 1 - margin),
    )


def _floor(contrast: np.ndarray) -> float:
    """Up to where contrast is the paper's own grain: its middle and, as if normal, its spread."""
    middle = np.median(contrast)
    floor = max(middle + 4 * 1.5 * np.median(np.abs(contrast - middle)), 0)
    if contrast.max() > 1.5 * floor:
        return floor
    # Cropped so close that there is less paper than ink: grain is what neighbours differ by.
    grain = 1.05 * np.median(np.abs(np.diff(contrast, axis=1))) if contrast.shape[1] > 1 else floor
    return min(floor, max(np.percentile(contrast, 20) + 6 * grain, 0))


def _ruling(ink: np.ndarray) -> float:
    """How dark, as a share of the ink, the lines are that run right across the paper; 0 without.

    At their own level they hold together from one side of the picture to the other, and a little
    above it no longer. Turned, bent or partly in the shade, they still do.
    """
    *lower, solid = (_pixels_across(ink > level) for level in (FAINTEST_INK, *_RULINGS))
    most = 2 * solid + 1
    if lower[0] <= most:
        return 0
    clear = (level for level, pixels in zip(_RULINGS, lower[1:], strict=False) if pixels <= most)
    return min(next(clear, _RULINGS[-1]) + _RULINGS[0], _RULINGS[-1])


def _pixels_across(mask: np.ndarray) -> int:
    """How many pixels of a mask (h, w) hold together from one side to the other."""
    height, width = mask.shape
    parts = parts_of(mask, _RULED_PIXELS)
    sizes = np.bincount(parts.labels.ravel(), minlength=len(parts.boxes) + 1)
    return sum(
        int(sizes[number])
        for number, box in enumerate(parts.boxes, 1)
        if box.height > 0.9 * height or box.width > 0.9 * width
    )


def _is_light_on_dark(grey: np.ndarray) -> bool:
    """Whether what differs most from the middle tone around it is lighter than that.

    Looked for in the middle of the picture, off the table; if there is nothing, nearly everywhere.
    """
    difference = grey - _filtered(grey, ImageFilter.MedianFilter(_MEDIAN_WINDOW))
    lighter = darker = 0.0
    for margin in (0.25, 0.05):
        rows, columns = (
            slice(int(margin * side), math.ceil((1 - margin) * side)) for side in grey.shape
        )
        darker, lighter = np.percentile(difference[rows, columns], [0.5, 99.5])
        if max(lighter, -darker) > _FAINTEST_CONTRAST:
            break
    return bool(lighter > -darker)


def _paper(grey: np.ndarray) -> np.ndarray:
    """The paper without its dark ink, (h, w): a morphological closing."""
    return _filtered(grey, ImageFilter.MaxFilter(_WINDOW), ImageFilter.MinFilter(_WINDOW))


def _filtered(grey: np.ndarray, *filters: ImageFilter.Filter) -> np.ndarray:
    """The grey levels (h, w), filtered with coarse pixels and smoothed."""
    image = Image.fromarray(np.rint(grey * 255).astype(np.uint8))
    coarse = image.copy()
    coarse.thumbnail((_COARSE_PIXELS, _COARSE_PIXELS), Image.Resampling.BOX)
    for step in filters:
        coarse = coarse.filter(step)
    return np.asarray(coarse.resize(image.size, Image.Resampling.BILINEAR), np.float32) / 255
