"""python -m mnist_rnn evaluate: how often readers are right, how well drawings are recognised."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnist_rnn.commands.output import check_output, written
from mnist_rnn.config import CLASSES
from mnist_rnn.digits.handwriting import RANDOM_DEVIATION
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.digits.pen_digits import PenDigit, as_digits, load_pens
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.accuracy import Evaluation, confusion, evaluate
from mnist_rnn.evaluation.calibration import as_trained, calibration_error
from mnist_rnn.evaluation.doubt import ALMOST_SURE, no_digits, top_probabilities
from mnist_rnn.evaluation.drawings import LAST_JUDGE, judge, sampled, variety
from mnist_rnn.evaluation.drawn_by_rule import digits_by_rule
from mnist_rnn.evaluation.pen_accuracy import contact_sheet, interval_by_writer, load_pen_digits
from mnist_rnn.network import weights
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader

DRAWINGS = 5_000


def add_to(commands: Any) -> None:
    """Add the command to argparse's subparsers."""
    parser = commands.add_parser(
        "evaluate",
        help="measure readers on the test digits",
        description="The fraction of the 10,000 test digits that readers name correctly: after "
        "the last timestep, after each timestep, and for each digit; the calibration error; the "
        "ones with a flag and zeros with a slash, drawn by rule, that they name correctly; and "
        "how sure they are of drawings that are no digits. Then the same of digits drawn with a "
        "pen, by people from whom no reader learns. Of a network that draws: how many of its "
        "drawings a reader recognises, and how much they differ, as a share of how much "
        "handwritten digits do.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--pen-digits",
        type=Path,
        metavar="JSON",
        help="read these pen digits instead of those that are part of this project: a list of "
        '{"label": 3, "donor": "...", "strokes": [[[x, y], ...], ...]}',
    )
    parser.add_argument(
        "--contact-sheet",
        type=Path,
        metavar="PNG",
        help="a picture of the pen digits that the reader, one FILE, gets wrong",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON list, one object a file")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Measure each file and print the figures; raises UserError if one can't be used."""
    if options.contact_sheet and len(options.files) != 1:
        raise UserError("--contact-sheet needs exactly one FILE.")
    if options.contact_sheet:
        check_output(options.contact_sheet)
    networks = [_load(path) for path in options.files]
    of_readers = options.pen_digits or options.contact_sheet
    if of_readers and not all(isinstance(network, Reader) for network in networks):
        raise UserError("--pen-digits and --contact-sheet are for readers: leave out what draws.")
    given = options.pen_digits
    pen_digits = load_pen_digits(given) if given else load_pens("report")
    drawn = as_digits(pen_digits)
    results = []
    for path, network in zip(options.files, networks, strict=True):
        if isinstance(network, Drawer):
            results.append(_measure_drawer(path, network))
            continue
        read = evaluate(network, drawn)
        pens = _pen_figures(read, pen_digits) | _before_calibration(network, drawn, "pen")
        results.append(_measure_reader(path, network) | pens)
        if options.contact_sheet:
            sheet = contact_sheet(drawn, read)
            with written(options.contact_sheet):
                sheet.save(options.contact_sheet, "PNG")
    texts = ((_drawer_text if "recognised" in r else _reader_text)(r) for r in results)
    print(json.dumps(results, indent=2) if options.json else "\n\n".join(texts))


def _load(path: Path) -> Reader | Drawer:
    tensors, card = weights.load(path)
    return (Drawer if card.model.head == "one_to_many" else Reader)(tensors, card)


def _measure_reader(path: Path, reader: Reader) -> dict[str, Any]:
    """A reader's figures on the test digits, by rule and on what is no digit, as a JSON object."""
    test = evaluate(reader, load_digits("test"))
    sure = {kind: top_probabilities(reader, images) for kind, images in no_digits().items()}
    by_rule = {kind: evaluate(reader, made).accuracy for kind, made in digits_by_rule().items()}
    all_sure = np.concatenate(list(sure.values()))
    return {
        "file": str(path),
        "model": reader.config.to_dict(),
        "train": reader.card.train.to_dict(),
        "epochs_done": reader.card.epochs_done,
        "test_accuracy": test.accuracy,
        "test_accuracy_by_timestep": test.by_timestep.tolist(),
        "test_accuracy_by_digit": test.by_digit.tolist(),
        "test_calibration_error": calibration_error(test.confidences[:, -1], test.right),
        "temperature": reader.card.temperature,
        **_before_calibration(reader, load_digits("test"), "test"),
        **by_rule,
        "no_digit_top_probability": float(all_sure.mean()),
        "no_digit_almost_sure": float((all_sure > ALMOST_SURE).mean()),
        "no_digit_top_probability_by_kind": {k: float(v.mean()) for k, v in sure.items()},
    }


def _measure_drawer(path: Path, drawer: Drawer) -> dict[str, Any]:
    """A drawer's figures as a JSON object; the same each time, for the styles have a seed."""
    drawn = sampled(drawer, DRAWINGS, np.random.default_rng(0))
    read = evaluate(judge(LAST_JUDGE), drawn)
    spread = variety(drawn) / variety(load_digits("test"))
    return {
        "file": str(path),
        "model": drawer.config.to_dict(),
        "train": drawer.card.train.to_dict(),
        "epochs_done": drawer.card.epochs_done,
        "drawings": DRAWINGS,
        "style_deviation": RANDOM_DEVIATION,
        "judge": LAST_JUDGE,
        "recognised": read.accuracy,
        "recognised_by_digit": read.by_digit.tolist(),
        "variety": float(spread.mean()),
        "variety_by_digit": spread.tolist(),
        "recognised_in_styles_of_test_digits": drawer.card.test_accuracy,
    }


def _before_calibration(reader: Reader, digits: Digits, name: str) -> dict[str, float]:
    """The calibration error that the reader had as it was trained, if it was calibrated since."""
    if reader.card.temperature == 1:
        return {}
    read = evaluate(as_trained(reader), digits)
    error = calibration_error(read.confidences[:, -1], read.right)
    return {f"{name}_calibration_error_before": error}


def _pen_figures(read: Evaluation, pen_digits: Sequence[PenDigit]) -> dict[str, Any]:
    """What is told of pen digits; a class that the file lacks has no accuracy, None in JSON."""
    return {
        "pen_accuracy": read.accuracy,
        "pen_accuracy_interval": interval_by_writer(read.right, pen_digits),
        "pen_calibration_error": calibration_error(read.confidences[:, -1], read.right),
        "pen_accuracy_by_digit": [None if np.isnan(x) else float(x) for x in read.by_digit],
        "pen_confusion": confusion(read).tolist(),
    }


def _reader_text(result: dict[str, Any]) -> str:
    by_timestep = result["test_accuracy_by_timestep"]
    lines = [
        f"{result['file']}: {result['test_accuracy']:.2%} of the test digits "
        f"(epochs: {result['epochs_done']})",
        "  by digit:    " + _percentages(result["test_accuracy_by_digit"], first=0),
        # There is but one where a network takes the whole image at once.
        *(["  by timestep: " + _percentages(by_timestep, first=1)] if len(by_timestep) > 1 else []),
        f"  calibration error: {_calibration(result, 'test')}",
        f"  drawn by rule: {result['ones_by_rule']:.1%} of the ones with a flag, "
        f"{result['zeros_by_rule']:.1%} of the zeros with a slash",
        f"  drawings that are no digits: {result['no_digit_top_probability']:.1%} sure on "
        f"average, more than {ALMOST_SURE:.0%} sure of {result['no_digit_almost_sure']:.1%}",
        "  sure by kind: "
        + "  ".join(
            f"{kind}: {sure:.0%}"
            for kind, sure in result["no_digit_top_probability_by_kind"].items()
        ),
    ]
    low, high = result["pen_accuracy_interval"]
    lines += [
        f"  {result['pen_accuracy']:.2%} of the pen digits ({low:.1%} to {high:.1%} with other "
        f"writers), calibration error {_calibration(result, 'pen')}",
        "  by digit:    " + _percentages(result["pen_accuracy_by_digit"], first=0),
        "  true class   answers",
        "             " + "".join(f"{answer:5}" for answer in range(CLASSES)),
    ]
    lines += [
        f"  {label:10} " + "".join(f"{count:5}" for count in row)
        for label, row in enumerate(result["pen_confusion"])
    ]
    return "\n".join(lines)


def _drawer_text(result: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"{result['file']}: {result['recognised']:.2%} of {result['drawings']:,} drawings "
            f"recognised by {result['judge']} (epochs: {result['epochs_done']})",
            "  by digit:    " + _percentages(result["recognised_by_digit"], first=0),
            f"  variety: {result['variety']:.1%} of that of test digits (0% would be ten averages)",
            "  by digit:    " + _percentages(result["variety_by_digit"], first=0),
        ]
    )


def _calibration(result: dict[str, Any], name: str) -> str:
    """The calibration error and, of a calibrated reader, what it was before."""
    said = f"{result[f'{name}_calibration_error']:.2%}"
    before = result.get(f"{name}_calibration_error_before")
    return said if before is None else f"{said} ({before:.2%} before calibration)"


def _percentages(fractions: list[float | None], first: int) -> str:
    return "  ".join(
        f"{n}: " + ("-" if fraction is None else f"{fraction:.1%}")
        for n, fraction in enumerate(fractions, first)
    )
