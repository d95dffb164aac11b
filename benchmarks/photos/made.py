"""What a digit lies on and in which light, and how a camera sees it: the pieces of a made photo."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from mnist_rnn.digits.parts import Box

SIDE = 640
Random = np.random.Generator


def placed(
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
    return np.asarray(field, np.float32) / 255, Box(left, top, left + width, top + height)


def cut_off(mask: np.ndarray, box: Box, number: int, random: Random) -> np.ndarray:
    """A neighbour of the digit in `box`, of which the picture's edge leaves a part."""
    share = (box[3] - box[1]) / SIDE * random.uniform(0.8, 1.1)
    inside = min(random.uniform(0.03, 0.09) * SIDE, (box[0] if number % 2 else SIDE - box[2]) / 2)
    half = share * SIDE * 0.3
    x = inside - half if number % 2 else SIDE - inside + half
    return placed(mask, share, (x, random.uniform(0.4, 0.6) * SIDE), random)[0]


def gradient(random: Random) -> np.ndarray:
    """Light (640, 640) that comes from one side, from 0.88 to 1."""
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    turn = random.uniform(0, 2 * np.pi)
    return 1 - 0.12 * (1 + x * np.cos(turn) + y * np.sin(turn)) / 2


def lines(paper: str, random: Random) -> np.ndarray:
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


def on_a_table(
    surface: np.ndarray, corners: int, strip: bool, box: Box, random: Random
) -> np.ndarray:
    """Dark corners, or a strip along one side, as far as they leave the digit alone."""
    table = Image.new("L", (SIDE, SIDE))
    pen = ImageDraw.Draw(table)
    for corner in random.permutation(4)[:corners]:
        x, y = (corner % 2) * SIDE, (corner // 2) * SIDE
        across, down = (random.uniform(0.08, 0.24) * SIDE * (-1 if end else 1) for end in (x, y))
        pen.polygon([(x, y), (x + across, y), (x, y + down)], fill=255)
    if strip:
        free = [box[0], box[1], SIDE - box[2], SIDE - box[3]]
        ends = [min(random.uniform(0.03, 0.12) * SIDE, max(free) * 0.8) for _ in range(2)]
        edge = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(edge).polygon([(0, 0), (ends[0], 0), (ends[1], SIDE), (0, SIDE)], fill=255)
        turns = {0: 0, 1: 270, 2: 180, 3: 90}[int(np.argmax(free))]
        table.paste(edge.rotate(turns))
    soft = np.asarray(table.filter(ImageFilter.GaussianBlur(1.5)), np.float32) / 255
    return surface * (1 - soft) + random.uniform(0.1, 0.4) * soft


def shadow(random: Random) -> np.ndarray:
    """What light is left (640, 640): a dark side with a soft edge somewhere across the picture."""
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    turn = random.uniform(0, 2 * np.pi)
    way = x * np.cos(turn) + y * np.sin(turn) - random.uniform(-0.5, 0.5)
    dark = 1 / (1 + np.exp(-way / random.uniform(0.03, 0.12)))
    return 1 - random.uniform(0.25, 0.45) * dark


def from_aside(grey: Image.Image, reach: float, random: Random) -> Image.Image:
    """The picture as seen by a camera that is not held level; nothing but the paper is in view."""
    corners = np.array([(0, 0), (0, 1), (1, 1), (1, 0)], float)
    seen = corners + (0.5 - corners) * 2 * random.uniform(0, reach, (4, 2))
    rows = []
    for (x, y), (u, v) in zip(corners * SIDE, seen * SIDE, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    shape = np.linalg.solve(np.array(rows), (seen * SIDE).ravel())
    way = Image.Transform.PERSPECTIVE
    return grey.transform((SIDE, SIDE), way, shape.tolist(), Image.Resampling.BICUBIC)


def tight(grey: Image.Image, box: Box, side: int, random: Random) -> Image.Image:
    """Cut out close around the digit, and small."""
    reach = 0.04 * max(box[2] - box[0], box[3] - box[1])
    left, top, right, bottom = (
        end + random.uniform(0, reach) * sign for end, sign in zip(box, (-1, -1, 1, 1), strict=True)
    )
    cut = grey.crop((int(left), int(top), int(right), int(bottom)))
    cut.thumbnail((side, side), Image.Resampling.BOX)
    return cut


def figure(mask: np.ndarray, random: Random) -> np.ndarray:
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
