"""python -m mnist_rnn evaluate: how often saved readers are right on the test digits."""

import argparse
import json
from pathlib import Path
from typing import Any

from mnist_rnn.analysis.accuracy import evaluate
from mnist_rnn.data import load_digits
from mnist_rnn.reader import Reader


def add_to(commands: Any) -> None:
    """Add the command to argparse's subparsers."""
    parser = commands.add_parser(
        "evaluate",
        help="measure readers on the test digits",
        description="The fraction of the 10,000 test digits that readers name correctly: after "
        "the last timestep, after each timestep, and for each digit.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print a JSON list, one object a file")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Measure each file and print the figures; raises UserError if one can't be used."""
    readers = [Reader.load(path) for path in options.files]
    results = [measure(path, reader) for path, reader in zip(options.files, readers, strict=True)]
    print(json.dumps(results, indent=2) if options.json else "\n\n".join(map(_text, results)))


def measure(path: Path, reader: Reader) -> dict[str, Any]:
    """A reader's accuracies on the test digits, as a JSON object."""
    test = evaluate(reader, load_digits("test"))
    return {
        "file": str(path),
        "model": reader.config.to_dict(),
        "train": reader.card.train.to_dict(),
        "epochs_done": reader.card.epochs_done,
        "test_accuracy": test.accuracy,
        "test_accuracy_by_timestep": test.by_timestep.tolist(),
        "test_accuracy_by_digit": test.by_digit.tolist(),
    }


def _text(result: dict[str, Any]) -> str:
    return "\n".join(
        (
            f"{result['file']}: {result['test_accuracy']:.2%} of the test digits "
            f"({result['epochs_done']} epochs of training)",
            "  by digit:    " + _percentages(result["test_accuracy_by_digit"], first=0),
            "  by timestep: " + _percentages(result["test_accuracy_by_timestep"], first=1),
        )
    )


def _percentages(fractions: list[float], first: int) -> str:
    return "  ".join(f"{n}: {fraction:.1%}" for n, fraction in enumerate(fractions, first))
