"""What each preset says it will show, beside what comes out when it is trained.

    python -m benchmarks.preset_claims [PRESET ...] [--kind 2016] [--epochs 20] [--shipped]

Prints the preset's sentence from content/presets.md, and below it, after some of the epochs: the
loss and the accuracy on the training images, the validation loss, the validation accuracy after
8, 14, 20, 24 and all 28 rows and in the mean of all timesteps, which is what Keras's `fit` prints
for many-to-many, and the least and the most that it is after all rows from that epoch
to the end. The last line has the test accuracy after the same rows. A network that goes map by map
has a row's share of its timesteps behind it. All presets in turn take about two hours on two
cores; with --shipped, those whose weights ship are not trained: their test accuracies come from
the weights' metadata, and what their sentences say of the way there stays unchecked.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mnist_rnn.analysis.memories import stops
from mnist_rnn.evaluation.calibration import finished
from mnist_rnn.network import weights
from mnist_rnn.network.catalog import SHIPPED
from mnist_rnn.network.weights import Card
from mnist_rnn.presets import PRESETS
from mnist_rnn.progress import Diverged, EpochDone
from mnist_rnn.training import loop
from ui.page import section

_EPOCHS = (1, 2, 5, 10, 20, 40, 60, 100, 150)
_ROWS = (8, 14, 20, 24, 28)


def main() -> None:
    """Print claim and outcome of the presets that were asked for."""
    parser = argparse.ArgumentParser(description="What presets claim, and what comes out.")
    parser.add_argument("presets", nargs="*", metavar="PRESET", help=", ".join(PRESETS))
    parser.add_argument("--shipped", action="store_true", help="don't train those that ship")
    parser.add_argument("--kind", help="those of one kind, such as 2016")
    parser.add_argument("--epochs", type=int, help="other than the preset's")
    options = parser.parse_args()
    names = options.presets or [
        name for name, preset in PRESETS.items() if options.kind in (None, preset.kind)
    ]
    if unknown := set(names) - set(PRESETS):
        parser.error(f"no preset called {unknown.pop()}; choose from {', '.join(PRESETS)}")
    loop.warm_up()
    for name in names:
        print(f"## {name}\n\n{section('presets', name)}\n", flush=True)
        file = SHIPPED / f"{name}.safetensors"
        if options.shipped and file.exists():
            card = weights.load(file)[1]
            print(f"Not trained, its weights ship (epochs: {card.epochs_done}).")
            print(f"{'':47}{_header()}")
        else:
            card = _trained(name, options.epochs)
        print(f"{'on the test digits:':47}{_by_row(card.accuracy_by_timestep or ())}\n", flush=True)


def _trained(name: str, most: int | None) -> Card:
    """Train the preset, print its epochs, and return the card of what came out."""
    preset = PRESETS[name]
    train = replace(preset.train, epochs=most or preset.train.epochs)
    epochs: list[EpochDone] = []
    try:
        for event in loop.train(preset.model, train):
            if isinstance(event, EpochDone):
                epochs.append(event)
    except Diverged as error:
        print(error)
    every = [epoch.validation_accuracy for epoch in epochs]
    print(f"{'':9}|     on training images     | on validation images, right after row")
    print(f"{'epoch':>9}| seconds    loss      right |    loss {_header()}   from here on")
    for done in epochs:
        if done.epoch in (*_EPOCHS, len(epochs)):
            later = every[done.epoch - 1 :]
            print(
                f"{done.epoch:9}| {done.seconds:7.1f} {done.loss:7.2f} {done.accuracy:10.1%} | "
                f"{done.validation_loss:7.2f} {_by_row(done.validation_accuracy_by_timestep)}   "
                f"{min(later):.1%} to {max(later):.1%}"
            )
    return finished(epochs[-1].tensors, Card(preset.model, train, len(epochs)))[1]


def _header() -> str:
    return "".join(f"{row:7}" for row in _ROWS) + "   mean"


def _by_row(by_timestep: Sequence[float]) -> str:
    """The accuracies after some of the rows; without timesteps, the one there is."""
    if len(by_timestep) == 1:
        return f"{by_timestep[0]:{7 * len(_ROWS)}.1%}{'':7}"
    after = np.array(by_timestep)[stops(len(by_timestep))]
    by_row = "".join(f"{after[row - 1]:7.1%}" for row in _ROWS)
    return f"{by_row}{np.mean(by_timestep):7.1%}"


if __name__ == "__main__":
    main()
