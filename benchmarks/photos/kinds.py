"""Photos made by rule: a digit on paper, and all that a camera adds to it.

Each kind has one difficulty, for a reader to be measured on: `benchmarks.photos` does. They are
made otherwise than anything that a reader learns from.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from benchmarks.photos import made
from benchmarks.photos.made import SIDE, Random
from mnist_rnn.digits.ink import coverage
from mnist_rnn.digits.strokes import CANVAS_PIXELS, Stroke

Mask = Callable[[float], np.ndarray]
"""A digit's ink (h, w), 0 to 1, cropped, with strokes so thick: 1 is usual, 0.5 half as thick."""


@dataclass(frozen=True)
class Kind:
    """How photos of one kind differ from a digit in the middle of plain, evenly lit paper.

    thickness: of the strokes, 1 is usual. depth: how much darker than the paper its lines are.
    noise: standard deviation in grey levels of 255. blur: in pixels of 640. quality: of the JPEG.
    """

    thickness: float = 1
    paper: str = "plain"
    depth: float = 0
    light: tuple[float, float] = (0.75, 0.98)
    contrast: tuple[float, float] = (0.6, 0.9)
    inverted: bool = False
    shadow: bool = False
    corners: int = 0
    table: bool = False
    neighbours: int = 0
    perspective: float = 0
    noise: float = 2
    blur: float = 0.7
    crop: int = 0
    quality: int = 85


KINDS = {
    "plain paper": Kind(),
    "thin pen": Kind(thickness=0.5, contrast=(0.45, 0.75)),
    "thick pen": Kind(thickness=1.6),
    "dim and grainy": Kind(light=(0.25, 0.4), noise=6),
    "chalk on a board": Kind(inverted=True, light=(0.7, 0.9), noise=4),
    "shadow of a hand": Kind(shadow=True),
    "dark corners": Kind(corners=2),
    "edge of a table": Kind(table=True),
    "neighbours cut off": Kind(neighbours=2),
    "ruled, 15% darker": Kind(paper="ruled", depth=0.15),
    "ruled, 25% darker": Kind(paper="ruled", depth=0.25),
    "squares, 15% darker": Kind(paper="squares", depth=0.15),
    "squares, 25% darker": Kind(paper="squares", depth=0.25),
    "squares, shadow, tilted": Kind(paper="squares", depth=0.15, shadow=True, perspective=0.08),
    "perspective": Kind(perspective=0.14),
    "blurred": Kind(blur=6),
    "tight crop, blurred": Kind(crop=90, blur=5),
    "tight crop, blurred, thick": Kind(thickness=1.6, crop=90, blur=5),
    "JPEG of quality 15": Kind(quality=15),
    "a Matplotlib figure": Kind(paper="axes", quality=0, noise=0, blur=0),
}


def mask_of_image(image: np.ndarray) -> Mask:
    """A digit of MNIST, (28, 28) uint8, drawn large with sharp edges."""
    large = Image.fromarray(image).resize((280, 280), Image.Resampling.BICUBIC)
    grey = np.asarray(large.filter(ImageFilter.GaussianBlur(3)), np.float32) / 255

    def mask(thickness: float) -> np.ndarray:
        level = {0.5: 0.72, 1: 0.5, 1.6: 0.22}[thickness]
        return _cropped(np.clip((grey - min(level, 0.9 * grey.max())) * 12 + 0.5, 0, 1))

    return mask


def mask_of_strokes(strokes: Sequence[Stroke]) -> Mask:
    """A digit that was drawn, 200 pixels long, with a pen of 16 pixels."""
    middle = CANVAS_PIXELS / 2

    def mask(thickness: float) -> np.ndarray:
        inked = [Stroke(s.points - middle + 150, 16 * thickness) for s in strokes]
        return _cropped(coverage(inked, 300, 300))

    return mask


def photo(kind: Kind, digit: Mask, others: Sequence[Mask], random: Random) -> bytes:
    """An image file of a digit, (640, 640) unless cropped; `others` are what lies around it."""
    if kind.paper == "axes":
        return _encoded(made.figure(digit(kind.thickness), random), kind)
    ink, box = made.placed(digit(kind.thickness), random.uniform(0.28, 0.5), None, random)
    for number in range(kind.neighbours):
        other = others[number % len(others)](kind.thickness)
        ink = np.maximum(ink, made.cut_off(other, box, number, random))
    light = random.uniform(*kind.light) * made.gradient(random)
    darkness = random.uniform(*kind.contrast) * ink
    surface = (1 - darkness) * (1 - kind.depth * made.lines(kind.paper, random))
    if kind.inverted:
        surface = 0.2 + 0.8 * darkness
    surface = made.on_a_table(surface, kind.corners, kind.table, box, random)
    if kind.shadow:
        light = light * made.shadow(random)
    grey = Image.fromarray(np.rint(255 * np.clip(light * surface, 0, 1)).astype(np.uint8))
    if kind.perspective:
        grey = made.from_aside(grey, kind.perspective, random)
    grey = grey.filter(ImageFilter.GaussianBlur(kind.blur))
    if kind.crop:
        grey = made.tight(grey, box, kind.crop, random)
    noisy = np.asarray(grey, float) + random.normal(0, kind.noise, (grey.height, grey.width))
    return _encoded(np.clip(np.rint(noisy), 0, 255).astype(np.uint8), kind)


def sheet(rows: Sequence[Sequence[Mask]], random: Random) -> bytes:
    """A photo of a sheet with rows of digits, written one beside the other with a hand's spaces."""
    across = max(map(len, rows))
    cell = 0.9 * SIDE / max(across, len(rows))
    ink = np.zeros((SIDE, SIDE), np.float32)
    for row, digits in enumerate(rows):
        left = SIDE / 2 - cell * len(digits) / 2
        for column, digit in enumerate(digits):
            x, y = left + cell * (column + 0.5), SIDE / 2 + cell * (row + 0.5 - len(rows) / 2)
            share = 0.72 * cell / SIDE * random.uniform(0.85, 1)
            middle = (x + random.uniform(-0.04, 0.04) * cell, y)
            ink = np.maximum(ink, made.placed(digit(1), share, middle, random)[0])
    kind = KINDS["plain paper"]
    grey = 255 * random.uniform(*kind.light) * made.gradient(random) * (1 - 0.8 * ink)
    noisy = grey + random.normal(0, kind.noise, grey.shape)
    return _encoded(np.clip(np.rint(noisy), 0, 255).astype(np.uint8), kind)


def _encoded(grey: np.ndarray, kind: Kind) -> bytes:
    file = io.BytesIO()
    image = Image.fromarray(grey)
    if kind.quality:
        image.convert("RGB").save(file, "JPEG", quality=kind.quality)
    else:
        image.save(file, "PNG")
    return file.getvalue()


def _cropped(ink: np.ndarray) -> np.ndarray:
    rows, columns = (np.flatnonzero((ink > 0.05).any(axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
