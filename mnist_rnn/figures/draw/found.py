"""A picture with a box around each digit that was found on it."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from mnist_rnn.digits.parts import Box
from mnist_rnn.figures.palette import BLUE, VERMILION

_PIXELS = 560  # twice what the column is wide, for sharp screens
_MARGIN, _LINE, _FONT = 8, 4, 28
_ROOM = (0, -4, 0, 4)  # around a number


def boxed(grey: np.ndarray, boxes: Sequence[Box], chosen: int) -> Image.Image:
    """Grey levels (h, w) from 0 to 1 as a picture, with boxes; the chosen one, from 0, stands out.

    Several boxes are numbered from 1.
    """
    scale = _PIXELS / max(grey.shape)
    size = [max(1, round(side * scale)) for side in reversed(grey.shape)]
    picture = Image.fromarray(np.rint(255 * grey).astype(np.uint8)).resize(size).convert("RGB")
    pen = ImageDraw.Draw(picture)
    # The chosen one last: none lies over it.
    for number in sorted(range(len(boxes)), key=lambda number: number == chosen):
        colour = VERMILION if number == chosen else BLUE
        left, top, right, bottom = (end * scale for end in boxes[number])
        left, top = max(left - _MARGIN, 0), max(top - _MARGIN, 0)
        right, bottom = min(right + _MARGIN, size[0] - 1), min(bottom + _MARGIN, size[1] - 1)
        pen.rectangle((left, top, right, bottom), outline=colour, width=_LINE)
        if len(boxes) > 1:
            # On the box, or in it where there is no room.
            at, anchor = ((left, top), "lb") if top > 1.5 * _FONT else ((left, top), "lt")
            name = f" {number + 1} "
            around = pen.textbbox(at, name, anchor=anchor, font_size=_FONT)
            pen.rectangle(
                [end + grow for end, grow in zip(around, _ROOM, strict=True)], fill=colour
            )
            pen.text(at, name, fill="white", anchor=anchor, font_size=_FONT)
    return picture
