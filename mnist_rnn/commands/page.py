"""python -m mnist_rnn page: networks that read what is drawn, as one HTML file."""

import argparse
from pathlib import Path
from typing import Any

from mnist_rnn import take_home
from mnist_rnn.analysis.memories import GROUPED_BY, mean_memories
from mnist_rnn.commands.output import check_output, written
from mnist_rnn.config import READING_HEADS
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import title_of
from mnist_rnn.network.reader import Reader
from mnist_rnn.stage import digit_message

MOST_NETWORKS = 3


def add_to(commands: Any) -> None:
    """Add the command to argparse's subparsers."""
    parser = commands.add_parser(
        "page",
        help="write a page that reads what is drawn on it",
        description="One HTML file with the reading stage and the networks in it. It is opened "
        "from the disk, on a computer or a phone, and needs no network.",
    )
    parser.add_argument("out", type=Path, metavar="FILE.html")
    parser.add_argument(
        "--weights",
        nargs="+",
        type=Path,
        required=True,
        metavar="FILE.safetensors",
        help=f"one to {MOST_NETWORKS} networks that read row by row",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the page; raises UserError if a file can't be used."""
    check_output(options.out)
    if len(options.weights) > MOST_NETWORKS:
        raise UserError(f"--weights takes at most {MOST_NETWORKS} files.")
    readers = [_load(path) for path in options.weights]
    digits = load_digits("validation").first(GROUPED_BY)
    networks = [
        take_home.Network(title_of(path.stem), reader, mean_memories(reader, digits))
        for path, reader in zip(options.weights, readers, strict=True)
    ]
    with written(options.out):
        options.out.write_bytes(take_home.page(networks, digit_message(None)))
    print(options.out)


def _load(path: Path) -> Reader:
    reader = Reader.load(path)
    if reader.config.head not in READING_HEADS:
        raise UserError(f"{path.name} takes the whole image at once: it has no rows to show.")
    return reader
