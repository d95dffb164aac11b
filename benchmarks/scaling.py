"""How the cost of training grows: with images, with timesteps, with the number of batches.

    python -m benchmarks.scaling [--rounds 5]

Images: an epoch of the RNN many-to-one on 6,250 to 50,000 of them. Timesteps: CNN+RNN map by map
with 1, 2, 4 and 8 filters, which is 28 to 224 timesteps of 28 through the same 50 units; the second
convolution grows with the square of the filters, so this row is a little steeper than its RNN.
Batches: the same 20,000 images in batches of 400, 200, 100 and 50; each batch costs something on
its own account besides its images, so this one is a line that doesn't start at zero.

Training alone is timed, without compiling and validating. The sizes take turns; the least seconds
of several rounds count. `to proportional` is the growth of the time by the growth of the size:
1 is linear, less means that a larger one costs less a piece. `off the line` is how far the times
lie from the best straight line, at most, by the longest.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.training import loop

Sizes = dict[int, tuple[ModelConfig, TrainConfig]]
RNN = ModelConfig()
MAP_BY_MAP = ModelConfig(backbone="cnn_rnn")
TRAINING = TrainConfig(epochs=1000, batch_size=100)


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds of training by the size of the work.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    loop.warm_up()
    print("| sizes | seconds | to proportional | off the line |")
    print("| --- | --- | --- | --- |")
    for what, sizes in everything().items():
        seconds = least_seconds(sizes, rounds)
        print(f"| {what} {row(np.array(list(sizes)), seconds)} |", flush=True)


def everything() -> dict[str, Sizes]:
    """The trainings of each row, by their size."""
    images = (6_250, 12_500, 25_000, 50_000)
    maps = [replace(MAP_BY_MAP, filters=filters) for filters in (1, 2, 4, 8)]
    few = replace(TRAINING, train_images=2_000)
    batches = replace(TRAINING, train_images=20_000)
    return {
        "images": {n: (RNN, replace(TRAINING, train_images=n)) for n in images},
        "timesteps": {model.timesteps: (model, few) for model in maps},
        "batches": {
            20_000 // size: (RNN, replace(batches, batch_size=size)) for size in (400, 200, 100, 50)
        },
    }


def least_seconds(sizes: Sizes, rounds: int) -> np.ndarray:
    """The least seconds of an epoch of each size, after a first one that compiles."""
    trainings = [epochs(*size) for size in sizes.values()]
    times = [[next(seconds) for seconds in trainings] for _ in range(1 + rounds)]
    return np.min(times[1:], 0)


def epochs(model: ModelConfig, config: TrainConfig) -> Iterator[float]:
    """The seconds of one epoch after another, without their validation."""
    began = 0.0
    for event in loop.train(model, config):
        if isinstance(event, ChunkDone):
            ended = event.seconds
        elif isinstance(event, EpochDone):
            yield ended - began
            began = event.seconds


def row(sizes: np.ndarray, seconds: np.ndarray) -> str:
    """The sizes, their seconds, and how straight a line they make."""
    proportional = (seconds[-1] / seconds[0]) / (sizes[-1] / sizes[0])
    line = np.polynomial.Polynomial.fit(sizes, seconds, 1)
    off = np.abs(line(sizes) - seconds).max() / seconds.max()
    cells = [", ".join(f"{size:,}" for size in sizes), ", ".join(f"{s:.2f}" for s in seconds)]
    return " | ".join([*cells, f"{proportional:.2f}", f"{off:.1%}"])


if __name__ == "__main__":
    main()
