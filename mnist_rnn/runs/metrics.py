"""The curve of a run, `metrics.jsonl`: written line by line by the worker, read on by the app."""

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from mnist_rnn.progress import ChunkDone, EpochDone, Progress, Steering

RECENT_CHUNKS = 20
LONGEST_LINE_BYTES = 2**16
_COUNTLESS = 10**9
MOST_CHUNKS, MOST_EPOCHS, MOST_CHANGES = 200_000, 1000, 1000
_CHUNK = b'{"kind": "chunk"'


@dataclass(frozen=True)
class Change:
    """The course was changed after `images` of this epoch: what Steering asked for from then on."""

    epoch: int
    images: int
    learning_rate: float | None
    epochs: int | None


Event = TypeVar("Event", ChunkDone, EpochDone, Change)


@dataclass(frozen=True)
class Resumed:
    """An interrupted training goes on after this epoch; whatever came later is done again."""

    epoch: int


_KINDS = {ChunkDone: "chunk", EpochDone: "epoch", Change: "change", Resumed: "resumed"}


@dataclass(frozen=True)
class Curves:
    """A run as arrays over `epoch`s, which are fractional for chunks.

    Chunks (c,): `chunk_epoch`, `chunk_loss`, `chunk_accuracy`, `chunk_seconds`. Epochs (e,):
    `epoch`, `validation_loss`, `validation_accuracy`, `epoch_seconds`. Changes of course (n,):
    `change_epoch`. Losses are cross-entropies in nats, accuracies fractions: at the last timestep,
    but for `validation_accuracy_of_all`, which is the mean over all. Seconds are of training.
    """

    chunk_epoch: np.ndarray
    chunk_loss: np.ndarray
    chunk_accuracy: np.ndarray
    epoch: np.ndarray
    validation_loss: np.ndarray
    validation_accuracy: np.ndarray
    validation_accuracy_of_all: np.ndarray
    change_epoch: np.ndarray
    chunk_seconds: np.ndarray
    epoch_seconds: np.ndarray

    @property
    def best(self) -> int:
        """The place in `epoch` of the best one by validation accuracy, the first of equals."""
        return int(self.validation_accuracy.argmax())


def to_line(event: ChunkDone | EpochDone | Change | Resumed) -> bytes:
    """One line of the file for what happened; an epoch's weights have a file of their own."""
    kind = _KINDS[type(event)]
    values = {f.name: getattr(event, f.name) for f in fields(event) if f.name != "tensors"}
    return json.dumps({"kind": kind, **values}).encode() + b"\n"


@dataclass
class Metrics:
    """What a run has reported so far; `refresh` reads on from where the last look ended.

    Without `each_chunk` only epochs and changes are kept, which takes a fraction of the time.
    """

    path: Path
    each_chunk: bool = True
    chunks: list[ChunkDone] = field(default_factory=list)
    epochs: list[EpochDone] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    _read: int = 0
    _too_long: bool = False

    @classmethod
    def recent(cls, path: Path) -> "Metrics":
        """The last lines alone, which tell the progress; raises OSError if they can't be read."""
        with suppress(FileNotFoundError):
            return cls(path, _read=max(0, path.stat().st_size - LONGEST_LINE_BYTES)).refresh()
        return cls(path)

    def refresh(self) -> "Metrics":
        """Take in the new whole lines; a torn last line waits, a damaged one is lost.

        So is one that is far too long, which takes no memory. Raises OSError if it can't be read.
        """
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            file.seek(self._read)
            while line := file.readline(LONGEST_LINE_BYTES):
                whole = line.endswith(b"\n")
                if not whole and len(line) < LONGEST_LINE_BYTES:
                    break
                self._read += len(line)
                if whole and not self._too_long:
                    self._take(line)
                self._too_long = not whole
        return self

    def _take(self, line: bytes) -> None:
        if line.startswith(_CHUNK) and not self.each_chunk:
            return
        try:
            values = json.loads(line)
            match values.pop("kind"):
                case "chunk":
                    _keep(self.chunks, _chunk(values), MOST_CHUNKS)
                case "epoch":
                    _keep(self.epochs, _epoch(values, self.epochs), MOST_EPOCHS)
                case "change":
                    _keep(self.changes, _change(values), MOST_CHANGES)
                case "resumed":
                    self._forget_after(_finite(int, values["epoch"]))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
            return

    def _forget_after(self, epoch: int) -> None:
        """Drop what an interrupted training did after its last whole epoch."""
        self.chunks[:] = [chunk for chunk in self.chunks if chunk.epoch <= epoch]
        self.epochs[:] = [done for done in self.epochs if done.epoch <= epoch]
        # One that was made after the last image of an epoch counts from the next epoch's first.
        self.changes[:] = [c for c in self.changes if (c.epoch, c.images) <= (epoch + 1, 0)]

    def progress(self, epochs: int) -> Progress:
        """How far a training of that many epochs is."""
        if not self.chunks:
            return Progress(1, epochs, 0.0, None, None)
        last, first = self.chunks[-1], self.chunks[max(0, len(self.chunks) - RECENT_CHUNKS)]
        seen, total = _images_seen(last), epochs * last.images_in_epoch
        fraction = min(1.0, seen / total)
        images, seconds = seen - _images_seen(first), last.seconds - first.seconds
        if images <= 0 or seconds <= 0:
            return Progress(last.epoch, epochs, fraction, None, None)
        rate = images / seconds
        return Progress(last.epoch, epochs, fraction, rate, max(0, total - seen) / rate)

    def curves(self) -> Curves:
        """Everything reported so far as arrays."""

        def epochs(name: str) -> np.ndarray:
            return np.array([getattr(epoch, name) for epoch in self.epochs], float)

        images_in_epoch = self.chunks[-1].images_in_epoch if self.chunks else 1
        return Curves(
            np.array([_images_seen(chunk) / chunk.images_in_epoch for chunk in self.chunks]),
            np.array([chunk.loss for chunk in self.chunks]),
            np.array([chunk.accuracy for chunk in self.chunks]),
            epochs("epoch"),
            epochs("validation_loss"),
            epochs("validation_accuracy"),
            epochs("validation_accuracy_of_all"),
            np.array([c.epoch - 1 + c.images / images_in_epoch for c in self.changes]),
            np.array([chunk.seconds for chunk in self.chunks]),
            epochs("seconds"),
        )


def _keep(events: list[Event], event: Event, most: int) -> None:
    """Append an event; in a full list the newest one takes the place of the last."""
    del events[most - 1 :]
    events.append(event)


def resumption(epoch: int, asked: Steering) -> bytes:
    """What is written when a training goes on after an epoch, by what is asked of it then.

    An empty line is first: the last one may be torn.
    """
    lines = b"\n" + to_line(Resumed(epoch))
    if asked == Steering():
        return lines
    return lines + to_line(Change(epoch + 1, 0, **asdict(asked)))


def steering_change(last: ChunkDone | EpochDone, asked: Steering) -> Change:
    """The Change to note when, after the event `last`, `asked` replaces what was asked before."""
    if isinstance(last, EpochDone):
        return Change(last.epoch + 1, 0, **asdict(asked))
    return Change(last.epoch, last.images, **asdict(asked))


def _images_seen(chunk: ChunkDone) -> int:
    return (chunk.epoch - 1) * chunk.images_in_epoch + chunk.images


def _chunk(values: Mapping[str, Any]) -> ChunkDone:
    chunk = ChunkDone(**{f.name: _finite(f.type, values[f.name]) for f in fields(ChunkDone)})
    if not (chunk.images_in_epoch >= 1 and 1 <= chunk.epoch <= MOST_EPOCHS):
        raise ValueError
    return chunk


def _change(values: Mapping[str, Any]) -> Change:
    rate, epochs = values["learning_rate"], values["epochs"]
    return Change(
        _finite(int, values["epoch"]),
        _finite(int, values["images"]),
        None if rate is None else _finite(float, rate),
        None if epochs is None else _finite(int, epochs),
    )


def _epoch(values: Mapping[str, Any], before: list[EpochDone]) -> EpochDone:
    numbers = {
        f.name: _finite(f.type, values[f.name]) for f in fields(EpochDone) if f.type in (int, float)
    }
    by_timestep = tuple(_finite(float, x) for x in values["validation_accuracy_by_timestep"])
    timesteps = len(before[0].validation_accuracy_by_timestep) if before else len(by_timestep)
    within = 1 <= numbers["epoch"] <= MOST_EPOCHS
    if not within or len(by_timestep) != timesteps or not timesteps:
        raise ValueError
    return EpochDone(**numbers, validation_accuracy_by_timestep=by_timestep, tensors={})


def _finite(kind: Any, value: Any) -> Any:
    """The value as a finite number; whole ones count something. Else ValueError or the like."""
    number = kind(value)
    if not math.isfinite(number) or (kind is int and not 0 <= number < _COUNTLESS):
        raise ValueError
    return number
