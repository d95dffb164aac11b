"""The command line: python -m mnist_rnn train | evaluate | read | draw | page | import.

The exit status is 0, or 2 with one line on standard error.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from mnist_rnn.commands import draw, evaluate, import_, page, read, train
from mnist_rnn.errors import UserError


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as for every other error; `--help` has the rest."""
        self.exit(2, f"{self.prog}: {_one_line(message)}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = _Parser(prog="python -m mnist_rnn", description="Readers of handwritten digits.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (train, evaluate, read, draw, page, import_):
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except UserError as error:
        print(_one_line(error), file=sys.stderr)
        return 2
    return 0


def _one_line(message: object) -> str:
    """It may quote an argument that has lines of its own."""
    return " ".join(str(message).split())


if __name__ == "__main__":
    sys.exit(main())
