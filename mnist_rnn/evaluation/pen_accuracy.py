"""Digits that people wrote on pen tablets, read as if they had been drawn on the canvas.

The file is a JSON list of {"label": 3, "donor": "...", "strokes": [[[x, y], ...], ...]}, y
pointing down, each digit in units of its own.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from mnist_rnn.config import CLASSES
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.digits.pen_digits import PenDigit
from mnist_rnn.digits.strokes import CANVAS_PIXELS, PEN_PIXELS, pencil
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.accuracy import Evaluation
from mnist_rnn.files import read_at_most

DIGIT_PIXELS = 200
LARGEST_FILE_BYTES = 6 * 2**20
_TILE, _CAPTION, _TILES_ACROSS = 84, 14, 16
_RESAMPLES = 2_000


def load_pen_digits(path: Path) -> list[PenDigit]:
    """The digits in a file, each 200 pixels long in the middle of the canvas, 20 pixels thick.

    Raises UserError if the file is missing or anything else than pen digits.
    """
    try:
        data = read_at_most(path, LARGEST_FILE_BYTES)
        stored = json.loads(data) if len(data) <= LARGEST_FILE_BYTES else None
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} is not a JSON file.") from error
    if not isinstance(stored, list) or not stored:
        raise UserError(f"{path} must hold a list of pen digits.")
    digits = []
    for number, item in enumerate(stored):
        try:
            digits.append(_pen_digit(item))
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise UserError(f"Digit {number} in {path} is damaged.") from error
    return digits


def interval_by_writer(right: np.ndarray, pen_digits: Sequence[PenDigit]) -> tuple[float, float]:
    """Between which accuracies 95 of 100 would lie if as many other such writers were asked.

    right: (n,) bool, for each digit. A bootstrap over writers, not over digits: whoever writes a
    zero with a slash does it each time (B. Efron, Bootstrap methods: another look at the
    jackknife, 1979).
    """
    _, writers = np.unique([digit.donor for digit in pen_digits], return_inverse=True)
    found, hits = np.bincount(writers), np.bincount(writers, right)
    asked = np.random.default_rng(0).integers(0, len(found), (_RESAMPLES, len(found)))
    low, high = np.percentile(hits[asked].sum(1) / found[asked].sum(1), [2.5, 97.5])
    return float(low), float(high)


def contact_sheet(digits: Digits, evaluation: Evaluation) -> Image.Image:
    """A picture of all digits that were read wrongly, each with "true > answer" and its number."""
    failures = np.flatnonzero(evaluation.answers[:, -1] != evaluation.labels)
    rows = max(1, -(-len(failures) // _TILES_ACROSS))
    sheet = Image.new("L", (_TILES_ACROSS * _TILE, rows * (_TILE + _CAPTION)), 64)
    pen = ImageDraw.Draw(sheet)
    for place, number in enumerate(failures):
        left, top = place % _TILES_ACROSS * _TILE, place // _TILES_ACROSS * (_TILE + _CAPTION)
        tile = Image.fromarray(digits.images[number]).resize((_TILE - 2, _TILE - 2))
        sheet.paste(tile, (left, top))
        caption = f"{digits.labels[number]} > {evaluation.answers[number, -1]}  #{number}"
        pen.text((left + 2, top + _TILE - 1), caption, fill=255)
    return sheet


def _pen_digit(item: Any) -> PenDigit:
    label = item["label"]
    if type(label) is not int or not 0 <= label < CLASSES:
        raise ValueError
    strokes = [np.array(stroke, float).reshape(-1, 2) for stroke in item["strokes"]]
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    length = (high - low).max()
    if not (np.isfinite(length) and length > 0):
        raise ValueError
    scale = DIGIT_PIXELS / length
    middle = (low + high) / 2
    placed = [
        # A browser reports the pointer in whole pixels.
        pencil(np.rint((stroke - middle) * scale + CANVAS_PIXELS / 2), PEN_PIXELS)
        for stroke in strokes
    ]
    return PenDigit(label, str(item["donor"]), placed)
