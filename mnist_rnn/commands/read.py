"""python -m mnist_rnn read: read the digit in an image file."""

import argparse
import json
from pathlib import Path
from typing import Any

from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.photos import LARGEST_FILE_BYTES, ink_from_image
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_at_most
from mnist_rnn.network.reader import Reader


def add_to(commands: Any) -> None:
    """Add the command to argparse's subparsers."""
    parser = commands.add_parser("read", help="read the digit in an image")
    parser.add_argument("image", type=Path, metavar="IMAGE", help="a PNG or JPEG of one digit")
    parser.add_argument("--weights", type=Path, required=True, metavar="FILE.safetensors")
    parser.add_argument("--json", action="store_true", help="print a JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Read the image and print the answer; raises UserError if either file can't be used."""
    reader = Reader.load(options.weights)
    try:
        data = read_at_most(options.image, LARGEST_FILE_BYTES)
    except OSError as error:
        raise UserError(f"{options.image} can't be read: {error.strerror}.") from error
    trace = reader.read(to_mnist(ink_from_image(data)))
    answer, probabilities = int(trace.answers[-1]), trace.probabilities[-1]
    if options.json:
        found = {
            "answer": answer,
            "probabilities": probabilities.tolist(),
            "answer_by_timestep": trace.answers.tolist(),
            "probabilities_by_timestep": trace.probabilities.tolist(),
        }
        print(json.dumps(found))
        return
    print(f"{answer} ({probabilities[answer]:.1%})")
    if reader.config.timesteps > 1:
        print("after each timestep:", *trace.answers)
