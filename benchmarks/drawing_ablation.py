"""What each step from a drawing to a 28x28 image is worth, on digits drawn with a pen.

    python -m benchmarks.drawing_ablation [--pen-digits JSON] FILE...

Prints a Markdown table: a row for each variant of the path, a column for each reader, and in
each cell the percentage read correctly of the digits of one half of the writers, and of the
other half. Choose by the first number, report the second. Without a file, which is described in
`mnist_rnn.evaluation.pen_accuracy`, the digits are those that ship, of writers from whom no reader
learns.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from mnist_rnn.config import COLUMNS, ROWS
from mnist_rnn.digits.as_mnist import BOX, FINENESS, PEN, to_mnist
from mnist_rnn.digits.ink import coverage, drawing_to_image
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.digits.pen_digits import PenDigit, load_pens
from mnist_rnn.digits.strokes import CANVAS_PIXELS, Stroke
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.accuracy import evaluate
from mnist_rnn.evaluation.pen_accuracy import DIGIT_PIXELS, load_pen_digits
from mnist_rnn.network.reader import Reader

Strokes = Sequence[Stroke]
Path28 = Callable[[Strokes], np.ndarray]


def main() -> int:
    """Print the table; the exit status is 2, with one line, if a file can't be used."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--pen-digits", type=Path, metavar="JSON")
    options = parser.parse_args()
    try:
        readers = {path.stem: Reader.load(path) for path in options.files}
        digits = load_pen_digits(options.pen_digits) if options.pen_digits else shipped()
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    first = in_first_half(digits)
    print("| path |", " | ".join(readers), "|")
    print("| --- |" + " --- |" * len(readers))
    for name, path in VARIANTS.items():
        images = np.stack([path(digit.strokes) for digit in digits])
        drawn = Digits(images, np.array([digit.label for digit in digits], np.uint8))
        cells = []
        for reader in readers.values():
            read = evaluate(reader, drawn)
            right = read.answers[:, -1] == read.labels
            cells.append(f"{right[first].mean():.1%} {right[~first].mean():.1%}")
        print(f"| {name} |", " | ".join(cells), "|", flush=True)
    return 0


def shipped() -> Sequence[PenDigit]:
    """Those of the writers that readers are chosen by, and of those that only report."""
    return [digit for part in ("validation", "report") for digit in load_pens(part)]


def in_first_half(digits: Sequence[PenDigit]) -> np.ndarray:
    """Which digits, (n,) bool, come from the first half of the writers.

    Writers are dealt out in turn from the most to the least productive, so that the halves have
    about equally many digits and no writer is in both.
    """
    donors, counts = np.unique([digit.donor for digit in digits], return_counts=True)
    first = set(donors[np.argsort(-counts, kind="stable")][::2])
    return np.array([digit.donor in first for digit in digits])


def plain(strokes: Strokes) -> np.ndarray:
    """The ink as it is on the canvas."""
    return to_mnist(coverage(strokes, CANVAS_PIXELS, CANVAS_PIXELS))


def drawn(pixels: int) -> Path28:
    """The ink as it is on the canvas, had the digit been drawn so long with the same pen."""
    scale, middle = pixels / DIGIT_PIXELS, CANVAS_PIXELS / 2
    return lambda strokes: plain(
        [Stroke((s.points - middle) * scale + middle, s.width) for s in strokes]
    )


def with_pen(pen: float) -> Path28:
    """The ink of a pen so wide, in pixels of the 20x20 box."""
    return lambda strokes: drawing_to_image(strokes, pen)


def deslanted(strokes: Strokes) -> np.ndarray:
    """Sheared until rows and columns of the ink are uncorrelated, then as usual."""
    points = np.concatenate([stroke.points for stroke in strokes])
    x, y = (points - points.mean(0)).T
    slant = float(np.clip((x @ y) / max(y @ y, 1e-9), -1, 1))
    shear = np.array([[1, -slant], [0, 1]])
    return drawing_to_image([Stroke(stroke.points @ shear.T, stroke.width) for stroke in strokes])


def sub_pixel(strokes: Strokes) -> np.ndarray:
    """Centred by mass exactly, instead of by whole pixels."""
    fine = centred(ink(strokes), FINENESS)
    return grey(fine.reshape(ROWS, FINENESS, COLUMNS, FINENESS).mean((1, 3)))


def box_centred(strokes: Strokes) -> np.ndarray:
    """The box of the ink in the middle, instead of its centre of mass."""
    small = scaled(ink(strokes), Image.Resampling.BOX)
    image = np.zeros((ROWS, COLUMNS))
    top, left = ((28 - side) // 2 for side in small.shape)
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return grey(image)


def bicubic(strokes: Strokes) -> np.ndarray:
    """Scaled with a bicubic filter, instead of the mean of each pixel's area."""
    return grey(centred(scaled(ink(strokes), Image.Resampling.BICUBIC)))


def image_file(pen: float, thickened: bool) -> Path28:
    """A picture of the drawing, as one uploads it: of its ink, not of its strokes."""
    if thickened:
        return lambda strokes: to_mnist(ink(strokes, pen))
    return lambda strokes: grey(centred(scaled(ink(strokes, pen), Image.Resampling.BOX)))


def with_gamma(gamma: float) -> Path28:
    """Grey levels raised to a power."""
    return lambda strokes: grey((drawing_to_image(strokes) / np.float32(255)) ** gamma)


def ink(strokes: Strokes, pen: float = PEN) -> np.ndarray:
    """Ink of a pen so wide in its box of at most (200, 200)."""
    points = np.concatenate([stroke.points for stroke in strokes])
    corner = points.min(0)
    scale = (BOX - pen) / (points.max(0) - corner).max()
    lines = [
        Stroke(((stroke.points - corner) * scale + pen / 2) * FINENESS, pen * FINENESS)
        for stroke in strokes
    ]
    fine = coverage(lines, BOX * FINENESS, BOX * FINENESS)
    rows, columns = (np.flatnonzero(fine.any(axis)) for axis in (1, 0))
    return fine[: rows[-1] + 1, : columns[-1] + 1]


def scaled(fine: np.ndarray, resampling: Image.Resampling) -> np.ndarray:
    """Ink scaled by Pillow so that its longer side has 20 pixels."""
    step = max(fine.shape) / BOX
    height, width = (max(1, round(side / step)) for side in fine.shape)
    small = Image.fromarray(fine).resize((width, height), resampling)
    return np.clip(np.asarray(small), 0, 1)


def centred(image: np.ndarray, step: int = 1) -> np.ndarray:
    """Ink moved to MNIST's centre of mass, in (28, 28) pixels of `step` by `step`."""
    field = np.zeros((ROWS * step, COLUMNS * step))
    corner = []
    for axis, length in enumerate(image.shape):
        mass = image.sum(1 - axis)
        centre = mass @ (np.arange(length) + 0.5) / mass.sum()
        free = field.shape[axis] - length
        corner.append(int(np.clip(round(14.5 * step - centre), 0, free)))
    top, left = corner
    field[top : top + image.shape[0], left : left + image.shape[1]] = image
    return field


def grey(image: np.ndarray) -> np.ndarray:
    return np.rint(image * 255).astype(np.uint8)


VARIANTS: dict[str, Path28] = {
    "plain: ink as on the canvas, digits of 200 px, pen of 20 px": plain,
    **{f"plain, digits of {pixels} px": drawn(pixels) for pixels in (60, 100, 250)},
    **{f"pen of {pen} px": with_pen(pen) for pen in (1.6, 2.0, 2.8, 3.2, 3.6)},
    f"**as shipped: pen of {PEN} px**": drawing_to_image,
    "shipped, deslanted": deslanted,
    "shipped, centred by fractions of a pixel": sub_pixel,
    "shipped, box in the middle": box_centred,
    "shipped, scaled bicubically": bicubic,
    "shipped, gamma 0.8": with_gamma(0.8),
    "shipped, gamma 1.25": with_gamma(1.25),
    **{f"image, pen of {pen} px, as it is": image_file(pen, False) for pen in (0.6, 1.0, 1.4)},
    **{f"**image, pen of {pen} px, thickened**": image_file(pen, True) for pen in (0.6, 1.0, 1.4)},
}

if __name__ == "__main__":
    sys.exit(main())
