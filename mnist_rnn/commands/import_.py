"""python -m mnist_rnn import: bring in a network that was trained elsewhere."""

import argparse
from pathlib import Path
from typing import Any

from mnist_rnn.config import READING_HEADS
from mnist_rnn.differences import rules
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_at_most
from mnist_rnn.network import foreign, weights
from mnist_rnn.runs.access import Visitor
from mnist_rnn.runs.imports import import_network
from mnist_rnn.runs.ledger import row_of


def add_to(commands: Any) -> None:
    """Add the command to argparse's subparsers."""
    parser = commands.add_parser(
        "import",
        help="bring in a network that was trained elsewhere",
        description="Keep a network that was trained in Keras among the runs, measured on the "
        "10,000 test digits. docs/own_network.md shows how to export one.",
    )
    parser.add_argument("file", type=Path, metavar="FILE.safetensors")
    choices = {"head": READING_HEADS, "activation": rules()["activation"].choices}
    for name in foreign.SAID:
        parser.add_argument(f"--{name}", choices=choices[name], help="unless the file says it")
    parser.add_argument("--name", help="what it is called; without it, as the file")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Import the file and say how good it is; raises UserError if it can't be used."""
    file: Path = options.file
    try:
        data = read_at_most(file, weights.LARGEST_FILE_BYTES)
    except OSError as error:
        raise UserError(f"{file} can't be read: {error.strerror}.") from error
    network = foreign.recognised(data, file.name)
    said = {name: value for name in foreign.SAID if (value := getattr(options, name))}
    name = file.stem if options.name is None else options.name
    # Whoever can type commands here can open the run folders as well.
    visitor = Visitor(owner="", teacher=True)
    row = row_of(import_network(visitor, network, name, **said))
    if row.card and row.card.test_accuracy is not None:
        print(f"{row.title}: {row.card.test_accuracy:.2%} of the test digits ({row.run.best})")
