"""Throws damaged files at a door, over and over, the same ones for the same seed."""

from pathlib import Path
from random import Random

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.runs import create
from tests.doors import corpus
from tests.doors.entrances import DOORS
from tests.doors.mutation import damaged


class Fallen(AssertionError):
    """A door that something got through; `data` is what did."""

    def __init__(self, door: str, data: bytes) -> None:
        super().__init__(f"The door of {door} fell for {data[:2000]!r}")
        self.data = data


def run_folder(root: Path) -> Path:
    """A whole run in a folder of its own."""
    run = create(ModelConfig(units=2), TrainConfig(), root)
    for name, (data, *_) in corpus.run_files().items():
        (run.folder / name).write_bytes(data)
    return run.folder


def throw(door: str, cases: int, folder: Path, seed: int = 0) -> int:
    """Throw so many damaged files at a door; returns how many it refused. Raises Fallen."""
    random, refused = Random(f"{door}{seed}"), 0
    files = DOORS[door].files()
    for _ in range(cases):
        data = damaged(random.choice(files), random, files)
        try:
            DOORS[door].enter(data, folder)
        except UserError as problem:
            sentence = str(problem)
            if "\n" in sentence or len(sentence) > 400:
                raise Fallen(door, data) from problem
            refused += 1
        except Exception as error:
            raise Fallen(door, data) from error
    return refused
