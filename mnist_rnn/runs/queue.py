"""The queue: whose turn it is, how many runs are ahead, and how long that takes.

Start-time fair queueing (Goyal, Vin, Cheng 1997) with every run counted alike: a run gets the
number of its turn when it is created, one more than its owner's last, but never less than the turn
that is under way. Smaller turns are served first, and equal ones as they came. So one student's
second run waits until everyone in the queue has had a first one, nobody saves up turns by staying
away, and nobody waits for ever: those who come later get later turns.
"""

import os
import shutil
import statistics
import threading
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from mnist_rnn.config import Config, ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_json, replace_json
from mnist_rnn.network import weights
from mnist_rnn.runs.access import Visitor, must_change, must_have_room, too_many
from mnist_rnn.runs.housekeeping import create, delete_all, is_torn, not_kept, sorted_out
from mnist_rnn.runs.ledger import RunRow, row_of, rows
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.run import CONFIG, Run, runs_folder
from mnist_rnn.runs.status import FAILED, PAUSED, QUEUED, STARTING, TESTING, alone

AT_ONCE = "MNIST_RNN_TRAININGS_AT_ONCE"
# Who holds it may say that a run's turn has come, and put runs into the queue.
LOCK = "queue.lock"
_joining = threading.Lock()


@dataclass(frozen=True)
class InLine:
    """Where a waiting run stands: how many runs are `ahead`, and when it starts and ends.

    Both in seconds from now; None if that can't be told. `paused` says that a run under way rests,
    so that all this may take longer.
    """

    ahead: int
    starts_in: float | None
    ends_in: float | None
    paused: bool


def join(visitor: Visitor, wanted: Sequence[Config], root: Path | None = None) -> list[Run]:
    """New runs in the queue that belong to this visitor, all of them or none.

    A student's oldest ended runs make room for them (`access.too_many`). Raises UserError if they
    have too many already, if a training is too large, or if the disk fails.
    """
    root = root or runs_folder()
    joined: list[Run] = []
    try:
        root.mkdir(parents=True, exist_ok=True)
        with alone_in(root):
            must_have_room(visitor, len(wanted), rows(root))
            for model, train in wanted:
                turn = next_turn(visitor.owner, rows(root))
                joined.append(create(model, train, root, visitor.owner, turn))
    except (UserError, OSError) as error:
        for run in joined:
            shutil.rmtree(run.folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise not_kept(root, error) from error
        raise
    with suppress(UserError):  # The new runs are there; an old one that stays is tried next time.
        delete_all(row.run for row in too_many(visitor, rows(root)))
    return joined


def rejoin(visitor: Visitor, run: Run) -> None:
    """Put a run that was interrupted back into the queue, with a new turn of its owner.

    Raises UserError if this visitor may not, if they have too many unfinished runs, if there is
    nothing to go on with, or if the disk fails.
    """
    root = run.folder.parent
    try:
        with alone_in(root):
            row = row_of(run)
            must_change(visitor, row)
            if is_torn(row):
                raise UserError("The status of this run can't be read now: try again in a minute.")
            if row.status.state != FAILED or row.status.final:
                raise UserError("This run can't go on: only one that was interrupted can.")
            everyone = rows(root)
            must_have_room(visitor, 1, everyone)
            run.config()  # A damaged one can't go on.
            run.let_it_run()
            turn = next_turn(row.owner, everyone)
            replace_json(run.folder / CONFIG, {**read_json(run.folder / CONFIG), "turn": turn})
            run.release()
            run.set_status(QUEUED)
            # Whoever watches the folder of all runs need not look into each of them.
            os.utime(root)
    except OSError as error:
        raise UserError(f"Run {run.id} can't go on: {error.strerror}.") from error


def alone_in(root: Path) -> AbstractContextManager[None]:
    """Nobody else joins the queue meanwhile, or is served: no tab, and no other app.

    Raises UserError where others take too long.
    """
    return alone(root / LOCK, _joining, "The queue is busy: try again.")


def next_turn(owner: str, among: Iterable[RunRow]) -> int:
    """The turn of a run that this owner creates now."""
    waiting: list[int] = []
    under_way: list[int] = []
    ended, own = [0], [-1]
    for row in among:
        if row.problem or (row.status.ended and not row.claimed):
            continue  # It left the queue before its turn came.
        state = row.status.state
        (ended if row.status.ended else waiting if state == QUEUED else under_way).append(row.turn)
        if row.owner == owner:
            own.append(row.turn)
    now = max(under_way, default=min(waiting, default=max(ended) + 1))
    return max(now, max(own) + 1)


def in_turn(waiting: Iterable[RunRow]) -> list[RunRow]:
    """Runs that wait, in the order in which they are served."""
    return sorted(waiting, key=lambda row: (row.turn, row.id))


def trainings_at_once() -> int:
    """How many runs are trained side by side: MNIST_RNN_TRAININGS_AT_ONCE, else one.

    More are for a cluster: on one computer they would take the cores from each other.
    """
    asked = os.environ.get(AT_ONCE, "")
    return max(1, int(asked)) if asked.isdecimal() else 1


def places(root: Path | None = None) -> dict[str, InLine]:
    """Where each waiting run stands now, by its id; the times are by what was done here before.

    Those who have had fewer turns may still come before it.
    """
    everyone = rows(root)
    waiting, under_way, _ = sorted_out(everyone)
    waiting = [row for row in waiting if not _rests(row)]
    speeds = Speeds(everyone)
    paused = any(row.status.state == PAUSED for row in under_way)
    # When each of those that are trained side by side has ended.
    ends: list[float | None] = [speeds.seconds_left(row) for row in under_way]
    ends += [0.0] * (trainings_at_once() - len(under_way))
    found = {}
    for ahead, row in enumerate(in_turn(waiting), start=len(under_way)):
        known = [end for end in ends if end is not None]
        starts_in = min(known) if len(known) == len(ends) else None
        seconds = speeds.seconds_left(row)
        ends_in = None if starts_in is None or seconds is None else starts_in + seconds
        found[row.id] = InLine(ahead, starts_in, ends_in, paused)
        ends[ends.index(starts_in)] = ends_in
    return found


def _rests(row: RunRow) -> bool:
    with suppress(OSError):  # Then nobody can tell, and it is counted among those who wait.
        return row.rests
    return False


# Two cores of a server, measured: multiplications a second.
_WORK_A_SECOND = 2.5e10
# How many times as long as without it the same arithmetic takes there with a CNN.
_CONVOLUTIONS = 2.2
_START_SECONDS, _TEST_SECONDS = 3.0, 2.0
_MOST_REMEMBERED = 5

Kind = tuple[str, str, str]


class Speeds:
    """How fast trainings were among these runs: the newest few of each kind tell.

    A training takes what its arithmetic says, times what the last ones alike took beyond theirs.
    """

    def __init__(self, among: Sequence[RunRow]) -> None:
        self._ratios: dict[Kind, list[float]] = {}
        for row in reversed(among):
            if row.config is None or not row.status.ended:
                continue
            ratios = self._ratios.setdefault(_kind(row.config.model), [])
            if len(ratios) == _MOST_REMEMBERED:
                continue
            with suppress(OSError):  # Then the one before it tells.
                if row.results.epochs and row.results.seconds > 0:
                    an_epoch = row.results.seconds / row.results.epochs
                    ratios.append(an_epoch / _by_arithmetic(*row.config))

    def seconds_left(self, row: RunRow) -> float | None:
        """Until a run that waits or is under way has ended; None if that can't be told."""
        if row.config is None:
            return None
        if row.status.state == TESTING:
            return _TEST_SECONDS
        model, train = row.config
        waits = row.status.state in (QUEUED, STARTING)
        epochs = train.epochs if waits else row.control.epochs or train.epochs
        # One that waits has something done already if it was interrupted before.
        try:
            progress = Metrics.recent(row.run.metrics).progress(epochs)
        except OSError:
            return None
        left = progress.seconds_left
        if waits or left is None:
            left = (1 - progress.fraction) * epochs * self._epoch(model, train)
        return (_START_SECONDS if waits else 0.0) + left + _TEST_SECONDS

    def _epoch(self, model: ModelConfig, train: TrainConfig) -> float:
        ratios = self._ratios.get(_kind(model)) or [1.0]
        return _by_arithmetic(model, train) * statistics.median(ratios)


def _by_arithmetic(model: ModelConfig, train: TrainConfig) -> float:
    steps = train.train_images / train.batch_size
    work = weights.timestep_work(model, train.batch_size)
    factor = _CONVOLUTIONS if model.backbone == "cnn_rnn" else 1.0
    return factor * steps * model.timesteps * work / _WORK_A_SECOND


def _kind(model: ModelConfig) -> Kind:
    return model.backbone, model.cell, model.order
