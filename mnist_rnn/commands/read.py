"""python -m mnist_rnn read: read the digits in an image file."""

import argparse
import json
from pathlib import Path
from typing import Any

from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.photos import FORMATS, LARGEST_FILE_BYTES, photo_from_file
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_at_most
from mnist_rnn.network.reader import Reader, Trace


def add_to(commands: Any) -> None:
    """Add the command to argparse's subparsers."""
    parser = commands.add_parser("read", help="read the digits in an image")
    parser.add_argument(
        "image", type=Path, metavar="IMAGE", help=f"a {FORMATS} of a digit, or several"
    )
    parser.add_argument("--weights", type=Path, required=True, metavar="FILE.safetensors")
    parser.add_argument("--json", action="store_true", help="print a JSON object a digit")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print the answer to each digit in the image; raises UserError if a file can't be used."""
    reader = Reader.load(options.weights)
    try:
        data = read_at_most(options.image, LARGEST_FILE_BYTES)
    except OSError as error:
        raise UserError(f"{options.image} can't be read: {error.strerror}.") from error
    for digit in photo_from_file(data).digits:
        _print(reader.read(to_mnist(digit.ink)), options.json)


def _print(trace: Trace, as_json: bool) -> None:
    answer, probabilities = int(trace.answers[-1]), trace.probabilities[-1]
    if as_json:
        found = {
            "answer": answer,
            "probabilities": probabilities.tolist(),
            "answer_by_timestep": trace.answers.tolist(),
            "probabilities_by_timestep": trace.probabilities.tolist(),
        }
        print(json.dumps(found))
        return
    print(f"{answer} ({probabilities[answer]:.1%})")
    if len(trace.answers) > 1:
        print("after each timestep:", *trace.answers)
