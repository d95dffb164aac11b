"""python -m mnist_rnn draw: have a network draw a digit, as a PNG."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from mnist_rnn.commands.output import check_output, written
from mnist_rnn.config import CLASSES
from mnist_rnn.digits import handwriting
from mnist_rnn.errors import UserError
from mnist_rnn.network.drawer import Drawer


def add_to(commands: Any) -> None:
    """Add the command to argparse's subparsers."""
    parser = commands.add_parser("draw", help="draw a digit")
    parser.add_argument("--digit", type=int, required=True, choices=range(CLASSES), metavar="0..9")
    parser.add_argument("--weights", type=Path, required=True, metavar="FILE.safetensors")
    parser.add_argument("--out", type=Path, required=True, metavar="PNG")
    parser.add_argument(
        "--style",
        default="",
        metavar="NUMBERS",
        help="how far from the mean hand, in standard deviations, separated by commas: "
        f"{', '.join(handwriting.NAMES)}, then the shapes; those left out are 0",
    )
    parser.add_argument("--seed", type=int, help="draw the numbers left out at random instead")
    parser.add_argument("--size", type=int, default=280, help="pixels on each side")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Draw and write the picture; raises UserError if a file or a number can't be used."""
    check_output(options.out)
    drawer = Drawer.load(options.weights)
    if not 1 <= options.size <= 4096:
        raise UserError("--size must be from 1 to 4096.")
    drawing = drawer.draw(options.digit, _style(drawer.config.styles, options))
    side = (options.size, options.size)
    picture = Image.fromarray(drawing.image).resize(side, Image.Resampling.NEAREST)
    with written(options.out):
        picture.save(options.out, "PNG")
    print(options.out)


def _style(styles: int, options: argparse.Namespace) -> np.ndarray:
    try:
        given = [float(number) for number in options.style.split(",") if number.strip()]
    except ValueError as error:
        raise UserError("--style must be numbers separated by commas.") from error
    if len(given) > styles or not np.isfinite(given).all():
        raise UserError(f"--style must be at most {styles} finite numbers.")
    if options.seed is None:
        numbers = np.zeros(styles, np.float32)
    elif options.seed < 0:
        raise UserError("--seed must not be negative.")
    else:
        numbers = handwriting.at_random(1, styles, np.random.default_rng(options.seed))[0]
    numbers[: len(given)] = given
    return numbers
