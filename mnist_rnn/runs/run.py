"""Run folders: one training in each, and the only truth about it.

The app writes `config.json` and `control.json`, the worker everything else. Files that change are
replaced by atomic rename, so that whoever reads one sees the old text or the new one, unless the
disk is full: then a file may be torn for a moment.
"""

import dataclasses
import os
import re
import secrets
import shutil
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from mnist_rnn.config import ModelConfig, TrainConfig, check_pair
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_json, replace_json, stamp
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.runs.status import (
    CONTROL,
    QUEUED,
    Control,
    Status,
    change_control,
    read_control,
    read_status,
)

_ID = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}", re.ASCII)
_FORMAT, _LENGTH = "%Y%m%d-%H%M%S-%f", 22


def is_id(text: str) -> bool:
    """Whether a run may be called so; the text may come from anyone."""
    return _ID.fullmatch(text) is not None


def next_id(newest: str | None) -> str:
    """An id of this moment in UTC, but later than the `newest` run's if the clock was set back."""
    now = datetime.fromtimestamp(time.time(), UTC)
    if newest and (before := _created(newest)):
        now = max(now, before + timedelta(microseconds=1))
    return f"{now.strftime(_FORMAT)}-{secrets.token_hex(4)}"


def _created(run_id: str) -> datetime | None:
    """When the run was created; None if it is called by no date that there is."""
    try:
        created = datetime.strptime(run_id[:_LENGTH], _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return created if created.year < datetime.max.year else None


CONFIG = "config.json"
NO_SUCH_RUN = "There is no such run; it may have been deleted."
_MOST_BYTES = 2**30


@dataclass(frozen=True)
class Run:
    """One training, by its folder; whatever is missing or damaged in it is told in a sentence."""

    folder: Path

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
        return self.folder / "best.safetensors"

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

    @property
    def turn(self) -> int:
        """The number of its turn in the queue, smaller ones first; 0 if that is damaged."""
        config = self.folder / CONFIG
        return _turn(config, stamp(config))

    def config(self) -> tuple[ModelConfig, TrainConfig]:
        """The network and its training; raises UserError if the file is missing or damaged."""
        stored = read_json(self.folder / CONFIG)
        try:
            model, train = stored["model"], stored["train"]
        except KeyError as error:
            raise UserError(f"The configuration of run {self.id} is missing or damaged.") from error
        return ModelConfig.from_dict(model), TrainConfig.from_dict(train)

    def status(self) -> Status:
        """Where it stands; UNREADABLE if the file is missing or damaged."""
        return read_status(self.folder / "status.json")

    def set_status(
        self, state: str, message: str = "", pid: int | None = None, final: bool = False
    ) -> None:
        """Say where it stands, with a fresh heartbeat; raises OSError if the disk fails."""
        status = Status(state, message, pid, socket.gethostname(), time.time(), final)
        replace_json(self.folder / "status.json", dataclasses.asdict(status))

    def control(self) -> Control:
        """What the app asks; a missing or damaged file asks for nothing."""
        return read_control(self.folder)

    def steer(self, **changes: Any) -> None:
        """Change fields of `Control`; a run that was asked to stop can't be asked to go on.

        Raises UserError for a value out of range or if the disk fails.
        """
        change_control(self.folder, **changes)

    def claim(self) -> bool:
        """Take a queued run for one worker; False if another app was faster.

        Raises OSError if the disk fails.
        """
        try:
            (self.folder / "claim").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    @property
    def claimed(self) -> bool:
        """Whether its turn has come."""
        return (self.folder / "claim").exists()

    def release(self) -> None:
        """Give a claimed run back to the queue."""
        (self.folder / "claim").unlink(missing_ok=True)

    def release_if_older(self, seconds: float) -> None:
        """Give back a run that was claimed so long ago that the app which did is surely gone."""
        with suppress(FileNotFoundError):
            age = time.time() - (self.folder / "claim").stat().st_mtime
            # A clock that was set back makes a claim of the future, which is as stale.
            if abs(age) > seconds:
                self.release()

    def card(self) -> Card | None:
        """What is known about its best weights, or None while there are none that can be used."""
        try:
            return weights.load(self.best)[1]
        except UserError:
            return None

    def what_is_left(self) -> str:
        """A sentence on the reader of a run that ended early."""
        card = self.card()
        if card is None:
            return "It had not finished an epoch, so there is no reader."
        return f"Its best reader so far, of epoch {card.epochs_done}, was kept."


@lru_cache(maxsize=4096)
def _turn(config: Path, changed: tuple[int, ...]) -> int:
    """The turn in a run's config.json; read again when that has `changed`."""
    turn = read_json(config).get("turn")
    return turn if isinstance(turn, int) else 0


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


def create(
    model: ModelConfig,
    train: TrainConfig,
    root: Path | None = None,
    owner: str = "",
    turn: int = 0,
) -> Run:
    """A new run in the queue, of an owner by fingerprint and with the number of its turn.

    Raises UserError if the folder can't be written, for a training too large for a computer, and
    for a network that can't be trained that way.
    """
    check_pair(model, train)
    needed = weights.training_bytes(model, train.batch_size)
    if needed > _MOST_BYTES:
        raise UserError(
            f"This training would need more than {needed / 2**30:.1f} GB of memory: choose fewer "
            "units, fewer filters or a smaller batch."
        )
    root = root or runs_folder()
    run = Run(root / next_id(max((before.id for before in list_runs(root)), default=None)))
    fresh = Run(root / f".new-{run.id}")
    try:
        (fresh.folder / "epochs").mkdir(parents=True)
        about = {"created": time.time(), "owner": owner, "turn": turn}
        config = {**about, "model": model.to_dict(), "train": train.to_dict()}
        replace_json(fresh.folder / CONFIG, config)
        replace_json(fresh.folder / CONTROL, dataclasses.asdict(Control()))
        fresh.set_status(QUEUED)
        fresh.folder.replace(run.folder)
    except OSError as error:
        shutil.rmtree(fresh.folder, ignore_errors=True)
        raise not_kept(root, error) from error
    return run


def not_kept(root: Path, error: OSError) -> UserError:
    """The sentence on a folder in which no training can be kept."""
    return UserError(
        f"Trainings can't be kept in {root}: {error.strerror}. Make room there, or name another "
        "folder in MNIST_RNN_RUNS."
    )


def list_runs(root: Path | None = None) -> list[Run]:
    """All runs, oldest first, the damaged ones too; none if there is no such folder yet.

    Raises UserError if the folder can't be listed.
    """
    root = root or runs_folder()
    try:
        names = sorted(entry.name for entry in os.scandir(root) if entry.is_dir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UserError(
            f"The runs in {root} can't be listed: {error.strerror}. Try again; if it stays so, "
            "name another folder in MNIST_RNN_RUNS."
        ) from error
    return [Run(root / name) for name in names if is_id(name)]


def find(run_id: str, root: Path | None = None) -> Run:
    """The run with this id, which may come from anyone; raises UserError if there is none."""
    run = Run((root or runs_folder()) / run_id) if is_id(run_id) else None
    if run is None or not run.folder.is_dir():
        raise UserError(NO_SUCH_RUN)
    return run
