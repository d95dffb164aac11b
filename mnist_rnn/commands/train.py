"""python -m mnist_rnn train: train a reader and save it with its accuracy on the test digits."""

import argparse
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

from mnist_rnn.commands.output import check_output, written
from mnist_rnn.config import ModelConfig, TrainConfig, check_pair
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.calibration import finished
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.places_to_train import has_tensorflow
from mnist_rnn.presets import PRESETS
from mnist_rnn.progress import ChunkDone, Diverged, EpochDone
from mnist_rnn.settings import settings

Table = TypeVar("Table", ModelConfig, TrainConfig)


def add_to(commands: Any) -> None:
    """Add the command to argparse's subparsers: a flag for every setting of the two tables."""
    parser = commands.add_parser(
        "train",
        help="train a reader",
        description="Train a reader; flags override the preset. The weights are saved after each "
        "epoch; Ctrl-C or SIGTERM ends the training with what was saved so far.",
    )
    parser.add_argument("--preset", choices=PRESETS, metavar="NAME", help=", ".join(PRESETS))
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.safetensors")
    parser.add_argument(
        "--keep",
        choices=("last", "best"),
        default="last",
        help="save the last epoch, or the one with the best validation accuracy",
    )
    for title, table in (("network", ModelConfig), ("training", TrainConfig)):
        group = parser.add_argument_group(title)
        defaults = table().to_dict()
        for name, (kind, rule) in settings(table).items():
            group.add_argument(
                f"--{name.replace('_', '-')}",
                type=kind,
                metavar="|".join(rule.choices) or kind.__name__.upper(),
                help=f"{rule.help} Without a preset: {defaults[name]}.",
            )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Train, showing progress, and save; raises UserError if that can't be done."""
    if not has_tensorflow():
        raise UserError(
            "This Python has no TensorFlow, so it can't train; README.md says where there is one."
        )
    preset = PRESETS[options.preset] if options.preset else None
    model = _chosen(preset.model if preset else ModelConfig(), options)
    training = _chosen(preset.train if preset else TrainConfig(), options)
    check_pair(model, training)
    out: Path = options.out
    check_output(out)
    # TensorFlow takes seconds to start: not before everything that can be wrong was checked.
    with _quiet_start():
        from mnist_rnn.training.loop import train, warm_up  # noqa: PLC0415 - see above

        warm_up()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    kept: EpochDone | None = None
    try:
        for done in _shown(train(model, training), training):
            if (
                kept is None
                or options.keep == "last"
                or done.validation_accuracy > kept.validation_accuracy
            ):
                kept = done
                with written(out):
                    weights.save(out, kept.tensors, Card(model, training, kept.epoch))
    except Diverged as error:
        raise UserError(str(error)) from error
    except KeyboardInterrupt:
        pass
    if kept is None:
        raise UserError("Stopped before the first epoch was done: nothing saved.")
    tensors, card = finished(kept.tensors, Card(model, training, kept.epoch))
    with written(out):
        weights.save(out, tensors, card)
    of = "drawings" if model.head == "one_to_many" else "digits"
    print(f"{out}: {card.test_accuracy:.2%} of the test {of} (epochs: {card.epochs_done})")


def _chosen(config: Table, options: argparse.Namespace) -> Table:
    """The config with what was given on the command line; raises UserError if out of range."""
    given = {name: getattr(options, name) for name in settings(type(config))}
    changes = {name: value for name, value in given.items() if value is not None}
    return config.from_dict(config.to_dict() | changes)


@contextmanager
def _quiet_start() -> Iterator[None]:
    """Keep off standard error what TensorFlow writes there on its way up, whatever it is told."""
    error_output = os.dup(sys.stderr.fileno())
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stderr.fileno())
    try:
        yield
    finally:
        os.dup2(error_output, sys.stderr.fileno())
        os.close(error_output)


def _shown(progress: Iterable[ChunkDone | EpochDone], training: TrainConfig) -> Iterable[EpochDone]:
    """The epochs as they are done, while a bar shows each chunk and a line each epoch."""
    with tqdm(
        total=training.epochs * training.train_images,
        unit=" images",
        unit_scale=True,
        disable=None,  # where there is no terminal
    ) as bar:
        for event in progress:
            if isinstance(event, ChunkDone):
                bar.update((event.epoch - 1) * event.images_in_epoch + event.images - bar.n)
                bar.set_postfix(loss=f"{event.loss:.3f}", accuracy=f"{event.accuracy:.1%}")
            else:
                bar.write(
                    f"epoch {event.epoch}: {event.seconds:.1f} s, loss {event.loss:.4f}, "
                    f"validation loss {event.validation_loss:.4f}, "
                    f"validation accuracy {event.validation_accuracy:.2%}"
                )
                yield event
