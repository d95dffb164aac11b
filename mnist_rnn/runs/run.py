"""Run folders: one training in each, and the only truth about it.

The app writes `config.json`, `control.json`, `label.json` and `claim`, the worker the metrics and
the weights; `status.json` is the worker's while its lease holds, else the app's. Files that change
are replaced by atomic rename, so that whoever reads one sees the old text or the new one, unless
the disk is full: then a file may be torn for a moment.
"""

import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mnist_rnn.config import Config, ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_at_most, read_json
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card, Tensors
from mnist_rnn.progress import Lost
from mnist_rnn.runs.labels import change_label
from mnist_rnn.runs.status import Steered

_ID = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}", re.ASCII)


def is_id(text: str) -> bool:
    """Whether a run may be called so; the text may come from anyone."""
    return _ID.fullmatch(text) is not None


CONFIG, CLAIM, BEST = "config.json", "claim", "best.safetensors"
NO_SUCH_RUN = "There is no such run; it may have been deleted."


@dataclass(frozen=True)
class Run(Steered):
    """One training, by its folder; whatever is missing or damaged in it is told in a sentence."""

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def metrics(self) -> Path:
        """One JSON object a line: every chunk of steps, every epoch, every change of course."""
        return self.folder / "metrics.jsonl"

    @property
    def best(self) -> Path:
        """The weights of the epoch with the best validation accuracy; written after epoch 1."""
        return self.folder / BEST

    @property
    def keras_model(self) -> Path:
        """The same weights as a Keras model, written at the end."""
        return self.folder / "model.keras"

    @property
    def log(self) -> Path:
        """What Keras and TensorFlow printed."""
        return self.folder / "log.txt"

    def snapshot(self, epoch: int) -> Path:
        """The weights after an epoch, counted from 1."""
        return self.folder / "epochs" / f"{epoch:04d}.safetensors"

    def config(self) -> Config:
        """Network and training; raises UserError if missing or damaged, OSError if unreadable."""
        return self.parse_config(read_json(self.folder / CONFIG))

    def parse_config(self, stored: Mapping[str, Any]) -> Config:
        """The network and its training in a config.json; raises UserError if it is damaged."""
        try:
            model, train = stored["model"], stored["train"]
        except KeyError as error:
            raise UserError(f"The configuration of run {self.id} is missing or damaged.") from error
        return Config(ModelConfig.from_dict(model), TrainConfig.from_dict(train))

    def mark(self, **changes: Any) -> None:
        """Change fields of `Label`; raises UserError if that can't be kept."""
        change_label(self.folder, **changes)

    def claim(self) -> str:
        """Take a queued run for one worker, by a lease; an empty one if another app was faster.

        Raises OSError if the disk fails.
        """
        lease = secrets.token_hex(8)
        try:
            with (self.folder / CLAIM).open("x") as file:
                try:
                    file.write(lease)
                    file.flush()
                except OSError:
                    self.release()
                    raise
        except FileExistsError:
            return ""
        return lease

    def lease(self) -> str:
        """Of the worker that the run was given to, empty if of none; raises OSError."""
        try:
            return (self.folder / CLAIM).read_text()
        except FileNotFoundError:
            return ""

    def must_be_mine(self, lease: str) -> None:
        """Raise Lost unless this lease holds; a worker asks before all that it writes.

        So one that was taken for dead, and is not, does not write beside its successor.
        """
        if self.lease() != lease:
            raise Lost

    def release(self) -> None:
        """Give a claimed run back to the queue; its worker's lease ends."""
        (self.folder / CLAIM).unlink(missing_ok=True)

    def revoke(self) -> None:
        """End the lease of a run's worker; that takes no room on a full disk."""
        with suppress(FileNotFoundError):
            os.truncate(self.folder / CLAIM, 0)

    def release_if_older(self, seconds: float) -> None:
        """Give back a run that was claimed so long ago that the app which did is surely gone."""
        with suppress(FileNotFoundError):
            age = time.time() - (self.folder / CLAIM).stat().st_mtime
            # A clock that was set back makes a claim of the future, which is as stale.
            if abs(age) > seconds:
                self.release()

    def card(self) -> Card | None:
        """What is known about its best weights; None while there are none that can be used.

        Raises OSError if they can't be read.
        """
        usable = usable_weights(self.best)
        return usable[1] if usable else None

    def what_is_left(self) -> str:
        """A sentence on the reader of a run that ended early."""
        try:
            card = self.card()
        except OSError as error:
            return f"Whether it has left a network can't be told now: {error.strerror}."
        if card is None:
            return "It had not finished an epoch, so there is no network."
        return f"Its best network so far, of epoch {card.epochs_done}, was kept."


def usable_weights(path: Path) -> tuple[Tensors, Card] | None:
    """The weights and the card of a file, None if it is missing or of no use; raises OSError."""
    try:
        return weights.parse(read_at_most(path, weights.LARGEST_FILE_BYTES), path.name)
    except (FileNotFoundError, UserError):
        return None


def runs_folder() -> Path:
    """Where runs are kept: MNIST_RNN_RUNS, else `runs` in the project.

    Raises UserError for a name that is not UTF-8: it can't be told to a worker or a page.
    """
    root = Path(os.environ.get("MNIST_RNN_RUNS") or Path(__file__).parents[2] / "runs")
    try:
        str(root).encode()
    except UnicodeEncodeError as error:
        name = os.fsencode(root).decode(errors="backslashreplace")
        raise UserError(
            f"Trainings can't be kept in {name}: its name is not UTF-8. Name another folder in "
            "MNIST_RNN_RUNS."
        ) from error
    return root


def list_ids(root: Path) -> list[str]:
    """The ids of all runs in a folder, oldest first; none if there is no such folder yet.

    Raises UserError if the folder can't be listed.
    """
    try:
        with os.scandir(root) as entries:
            return sorted(entry.name for entry in entries if is_id(entry.name) and entry.is_dir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UserError(
            f"The runs in {root} can't be listed: {error.strerror}. Try again; if it stays so, "
            "name another folder in MNIST_RNN_RUNS."
        ) from error


def find(run_id: str, root: Path | None = None) -> Run:
    """The run with this id, which may come from anyone; raises UserError if there is none."""
    run = Run((root or runs_folder()) / run_id) if is_id(run_id) else None
    if run is None or not run.folder.is_dir():
        raise UserError(NO_SUCH_RUN)
    return run
