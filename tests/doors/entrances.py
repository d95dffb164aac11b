"""The doors themselves: each takes bytes or words, and may answer with a UserError only."""

import io
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from unittest.mock import patch
from urllib.parse import parse_qsl

import numpy as np

from mnist_rnn import __main__ as command_line
from mnist_rnn import runs
from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.packing import from_address
from mnist_rnn.digits.pen_digits import as_digits
from mnist_rnn.digits.photos import photo_from_file
from mnist_rnn.digits.strokes import canvas_json, strokes_from_canvas
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.calibration import as_trained
from mnist_rnn.evaluation.pen_accuracy import load_pen_digits
from mnist_rnn.figures.spreadsheets import metrics_csv
from mnist_rnn.network import weights
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.foreign import recognised
from mnist_rnn.network.reader import Reader
from mnist_rnn.runs import access, labels, readers
from mnist_rnn.runs.housekeeping import sorted_out
from mnist_rnn.runs.ledger import curves_of, row_of, rows
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.queue import Speeds, next_turn
from tests.doors import corpus
from ui.lesson.place import find_place
from ui.train import link

DIGIT = np.zeros((28, 28), np.uint8)


@dataclass(frozen=True)
class Door:
    """`enter` takes a file's bytes and a run folder of its own; `files` are valid ones."""

    files: Callable[[], Sequence[bytes]]
    enter: Callable[[bytes, Path], object]


def picture(data: bytes, _folder: Path) -> None:
    photo = photo_from_file(data)
    for digit in photo.digits:
        assert digit.box.of(photo.grey).shape == digit.ink.shape
        image = to_mnist(digit.ink)
        assert (image.shape, image.dtype) == ((28, 28), np.uint8)


def weights_file(data: bytes, folder: Path) -> None:
    path = folder / "best.safetensors"
    path.write_bytes(data)
    tensors, card = weights.load(path)
    weights.check(tensors, card.model)
    if card.model.head != "one_to_many":
        trace = Reader(tensors, card).read(DIGIT)
        assert trace.probabilities.shape == (card.model.timesteps, 10)
        assert np.isfinite(trace.probabilities).all()
        as_trained(Reader(tensors, card))
    else:
        drawing = Drawer(tensors, card).draw(3, np.zeros(card.model.styles, np.float32))
        assert np.isfinite(drawing.logits).all()


def own_network(data: bytes, _folder: Path) -> None:
    network = recognised(data, "mine.safetensors")
    card = network.card(**dict.fromkeys(network.unsaid, "many_to_one") | {"activation": "relu"})
    assert np.isfinite(Reader(network.tensors, card).read(DIGIT).probabilities).all()


def canvas(data: bytes, _folder: Path) -> None:
    try:
        stored = json.loads(data)
    except (ValueError, RecursionError):
        return
    assert drawing_to_image(strokes_from_canvas(stored)).shape == (28, 28)


def pen_digits(data: bytes, folder: Path) -> None:
    path = folder / "pen.json"
    path.write_bytes(data)
    as_digits(load_pen_digits(path))


def run_file(name: str) -> Callable[[bytes, Path], None]:
    """What every page asks of a run folder in which this file was damaged."""

    def enter(data: bytes, folder: Path) -> None:
        fresh = folder / ".fresh"
        fresh.write_bytes(data)
        fresh.replace(folder / name)
        run, root = runs.Run(folder), folder.parent
        row = row_of(run)
        assert len(row.label.name) <= labels.LONGEST_NAME
        assert row.status.heartbeat == row.status.heartbeat
        assert row.results.epochs <= 1000
        visitor = access.Visitor("0" * 64)
        everyone = rows(root)
        access.may_change(visitor, row), access.to_watch(visitor, everyone), row.title, row.card
        next_turn("", everyone), sorted_out(everyone), readers.offered_readers(everyone)
        Speeds(everyone).seconds_left(row)
        control = run.control()
        control.pauses(3)
        metrics = Metrics(run.metrics).refresh()
        progress = metrics.progress(control.epochs or 5)
        assert 0 <= progress.fraction <= 1
        assert progress.seconds_left is None or np.isfinite(progress.seconds_left)
        curves = curves_of(run)
        for values in vars(curves).values():
            assert np.isfinite(values).all()
        metrics_csv({"many_to_one": metrics})
        run.config()

    return enter


def address(text: str, root: Path) -> None:
    """A link's parameters, as the pages take them."""
    for name, value in parse_qsl(text, keep_blank_values=True) or [("run", text)]:
        readers.run_called(value, root)
        readers.offered_readers(rows(root), {value})
        with suppress(UserError):
            runs.find(value, root)
            raise AssertionError(f"{value!r} found a run")
        with suppress(UserError):
            link.from_query({name: value})
        with suppress(UserError):
            strokes_from_canvas(canvas_json(from_address(value)))
        with suppress(UserError):
            assert find_place(value, name).step
    link.from_query(dict(parse_qsl(text)))


def words_of_a_label(text: str) -> None:
    """A name and a note, as they are kept."""
    assert len(labels.one_line(text)) <= labels.LONGEST_NAME
    assert "\n" not in labels.one_line(text)
    assert len(labels.lines(text)) <= labels.LONGEST_NOTE


def command(arguments: Sequence[str]) -> tuple[int, str]:
    """The exit status and the standard error of the command line; nothing is ever trained."""
    training = ModuleType("mnist_rnn.training.loop")

    def warm_up() -> None:
        raise UserError("No training here.")

    training.__dict__.update(train=None, warm_up=warm_up)
    with (
        tempfile.TemporaryFile("w+", errors="backslashreplace") as errors,
        redirect_stderr(errors),
        redirect_stdout(io.StringIO()),
        patch.dict(sys.modules, {"mnist_rnn.training.loop": training}),
    ):
        try:
            status = command_line.main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
        errors.seek(0)
        return status, errors.read()


DOORS = {
    "picture": Door(corpus.images, picture),
    "weights": Door(corpus.weights, weights_file),
    "own network": Door(corpus.own_networks, own_network),
    "canvas": Door(corpus.drawings, canvas),
    "pen digits": Door(corpus.pen_digits, pen_digits),
} | {
    name: Door(lambda name=name: corpus.run_files()[name], run_file(name))
    for name in corpus.run_files()
}
