"""Photos made by rule: a digit on paper, and all that a camera adds to it.

Each kind has one difficulty, for a reader to be measured on: `benchmarks/photos.py` does. They are
made otherwise than anything that a reader learns from.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from mnist_rnn.digits.ink import coverage
from mnist_rnn.digits.strokes import CANVAS_PIXELS, Stroke

SIDE = 640
Random = np.random.Generator
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
        return _encoded(_figure(digit(kind.thickness), random), kind)
    ink, box = _placed(digit(kind.thickness), random.uniform(0.28, 0.5), None, random)
    for number in range(kind.neighbours):
        other = others[number % len(others)](kind.thickness)
        ink = np.maximum(ink, _cut_off(other, box, number, random))
    light = random.uniform(*kind.light) * _gradient(random)
    darkness = random.uniform(*kind.contrast) * ink
    surface = (1 - darkness) * (1 - kind.depth * _lines(kind.paper, random))
    if kind.inverted:
        surface = 0.2 + 0.8 * darkness
    surface = _on_a_table(surface, kind, box, random)
    if kind.shadow:
        light = light * _shadow(random)
    grey = Image.fromarray(np.rint(255 * np.clip(light * surface, 0, 1)).astype(np.uint8))
    if kind.perspective:
        grey = _from_aside(grey, kind.perspective, random)
    grey = grey.filter(ImageFilter.GaussianBlur(kind.blur))
    if kind.crop:
        grey = _tight(grey, box, kind.crop, random)
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
            ink = np.maximum(ink, _placed(digit(1), share, middle, random)[0])
    kind = KINDS["plain paper"]
    grey = 255 * random.uniform(*kind.light) * _gradient(random) * (1 - 0.8 * ink)
    noisy = grey + random.normal(0, kind.noise, grey.shape)
    return _encoded(np.clip(np.rint(noisy), 0, 255).astype(np.uint8), kind)


Box = tuple[int, int, int, int]  # left, top, right, bottom


def _placed(
    mask: np.ndarray, share: float, middle: tuple[float, float] | None, random: Random
) -> tuple[np.ndarray, Box]:
    """A digit on an empty field (640, 640), so large a share of it, a little turned; its box."""
    image = Image.fromarray(np.rint(255 * mask).astype(np.uint8))
    image = image.rotate(random.uniform(-8, 8), Image.Resampling.BICUBIC, expand=True)
    scale = share * SIDE / max(image.size)
    width, height = (max(2, round(side * scale)) for side in image.size)
    if middle is None:
        x, y = (random.uniform(0.38, 0.62) * SIDE for _ in range(2))
    else:
        x, y = middle
    left, top = round(x - width / 2), round(y - height / 2)
    field = Image.new("L", (SIDE, SIDE))
    field.paste(image.resize((width, height), Image.Resampling.BICUBIC), (left, top))
    return np.asarray(field, np.float32) / 255, (left, top, left + width, top + height)


def _cut_off(mask: np.ndarray, box: Box, number: int, random: Random) -> np.ndarray:
    """A neighbour of the digit in `box`, of which the picture's edge leaves a part."""
    share = (box[3] - box[1]) / SIDE * random.uniform(0.8, 1.1)
    inside = min(random.uniform(0.03, 0.09) * SIDE, (box[0] if number % 2 else SIDE - box[2]) / 2)
    half = share * SIDE * 0.3
    x = inside - half if number % 2 else SIDE - inside + half
    return _placed(mask, share, (x, random.uniform(0.4, 0.6) * SIDE), random)[0]


def _gradient(random: Random) -> np.ndarray:
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    turn = random.uniform(0, 2 * np.pi)
    return 1 - 0.12 * (1 + x * np.cos(turn) + y * np.sin(turn)) / 2


def _lines(paper: str, random: Random) -> np.ndarray:
    """Ruled lines or squares, (640, 640) from 0 to 1, turned by a few degrees."""
    if paper == "plain":
        return np.zeros((SIDE, SIDE))
    y, x = np.mgrid[:SIDE, :SIDE]
    turn = np.radians(random.uniform(-4, 4))
    step = random.uniform(60, 90) if paper == "ruled" else random.uniform(32, 60)
    half = random.uniform(1, 2)
    ways = [y * np.cos(turn) - x * np.sin(turn), x * np.cos(turn) + y * np.sin(turn)]
    found = np.zeros((SIDE, SIDE))
    for way in ways[: 1 if paper == "ruled" else 2]:
        off = np.abs((way + random.uniform(0, step)) % step - step / 2)
        found = np.maximum(found, np.clip(half - off + 0.5, 0, 1))
    return found


def _on_a_table(surface: np.ndarray, kind: Kind, box: Box, random: Random) -> np.ndarray:
    """Dark corners, or a strip along one side, as far as they leave the digit alone."""
    table = Image.new("L", (SIDE, SIDE))
    pen = ImageDraw.Draw(table)
    for corner in random.permutation(4)[: kind.corners]:
        x, y = (corner % 2) * SIDE, (corner // 2) * SIDE
        across, down = (random.uniform(0.08, 0.24) * SIDE * (-1 if end else 1) for end in (x, y))
        pen.polygon([(x, y), (x + across, y), (x, y + down)], fill=255)
    if kind.table:
        free = [box[0], box[1], SIDE - box[2], SIDE - box[3]]
        ends = [min(random.uniform(0.03, 0.12) * SIDE, max(free) * 0.8) for _ in range(2)]
        strip = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(strip).polygon([(0, 0), (ends[0], 0), (ends[1], SIDE), (0, SIDE)], fill=255)
        turns = {0: 0, 1: 270, 2: 180, 3: 90}[int(np.argmax(free))]
        table.paste(strip.rotate(turns))
    soft = np.asarray(table.filter(ImageFilter.GaussianBlur(1.5)), np.float32) / 255
    return surface * (1 - soft) + random.uniform(0.1, 0.4) * soft


def _shadow(random: Random) -> np.ndarray:
    """What light is left (640, 640): a dark side with a soft edge somewhere across the picture."""
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    turn = random.uniform(0, 2 * np.pi)
    way = x * np.cos(turn) + y * np.sin(turn) - random.uniform(-0.5, 0.5)
    dark = 1 / (1 + np.exp(-way / random.uniform(0.03, 0.12)))
    return 1 - random.uniform(0.25, 0.45) * dark


def _from_aside(grey: Image.Image, reach: float, random: Random) -> Image.Image:
    """The picture as seen by a camera that is not held level; nothing but the paper is in view."""
    corners = np.array([(0, 0), (0, 1), (1, 1), (1, 0)], float)
    seen = corners + (0.5 - corners) * 2 * random.uniform(0, reach, (4, 2))
    rows = []
    for (x, y), (u, v) in zip(corners * SIDE, seen * SIDE, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    shape = np.linalg.solve(np.array(rows), (seen * SIDE).ravel())
    way = Image.Transform.PERSPECTIVE
    return grey.transform((SIDE, SIDE), way, shape.tolist(), Image.Resampling.BICUBIC)


def _tight(grey: Image.Image, box: Box, side: int, random: Random) -> Image.Image:
    """Cut out close around the digit, and small."""
    reach = 0.04 * max(box[2] - box[0], box[3] - box[1])
    left, top, right, bottom = (
        end + random.uniform(0, reach) * sign for end, sign in zip(box, (-1, -1, 1, 1), strict=True)
    )
    cut = grey.crop((int(left), int(top), int(right), int(bottom)))
    cut.thumbnail((side, side), Image.Resampling.BOX)
    return cut


def _figure(mask: np.ndarray, random: Random) -> np.ndarray:
    """What `plt.imshow(digit)` shows, in grey or not: axes, ticks, numbers, perhaps a title."""
    small = Image.fromarray(np.rint(255 * mask).astype(np.uint8))
    small.thumbnail((20, 20), Image.Resampling.BOX)
    digit = Image.new("L", (28, 28))
    digit.paste(small, ((28 - small.width) // 2, (28 - small.height) // 2))
    # The darkest and the brightest grey level of the colour maps gray, gray_r and viridis.
    low, high = [(0, 255), (255, 0), (31, 215)][random.integers(3)]
    levels = np.asarray(digit, float) / 255 * (high - low) + low
    figure = Image.new("L", (SIDE, 480), 255)
    pen = ImageDraw.Draw(figure)
    left, top, side = 144, 58, 369
    image = Image.fromarray(np.rint(levels).astype(np.uint8))
    figure.paste(image.resize((side, side), Image.Resampling.NEAREST), (left, top))
    pen.rectangle((left, top, left + side, top + side), outline=0)
    for tick in range(0, 28, 5):
        at = (tick + 0.5) / 28 * side
        pen.line((left + at, top + side, left + at, top + side + 5), fill=0)
        pen.text((left + at, top + side + 7), str(tick), fill=0, anchor="mt", font_size=14)
        pen.line((left - 5, top + at, left, top + at), fill=0)
        pen.text((left - 8, top + at), str(tick), fill=0, anchor="rm", font_size=14)
    if random.integers(2):
        pen.text((left + side / 2, top - 8), "Label: 7", fill=0, anchor="mb", font_size=17)
    return np.asarray(figure)


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
