"""The line of runs that wait: whose turn it is, how many are ahead, and how long that takes.

Start-time fair queueing (Goyal, Vin, Cheng 1997) with every run counted alike: a run gets the
number of its turn when it is created, one more than its owner's last, but never less than the turn
that is under way. Smaller turns are served first, and equal ones as they came. So one student's
second run waits until everyone in the line has had a first one, nobody saves up turns by staying
away, and nobody waits for ever: those who come later get later turns.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.runs import estimate
from mnist_rnn.runs.access import Visitor, must_change, must_have_room, owner_of
from mnist_rnn.runs.housekeeping import is_torn, sorted_out
from mnist_rnn.runs.ledger import queue_again
from mnist_rnn.runs.run import Run, create, list_runs
from mnist_rnn.runs.status import FAILED, PAUSED, QUEUED

AT_ONCE = "MNIST_RNN_TRAININGS_AT_ONCE"
# Who holds it may say that a run's turn has come, or put one back into the line.
LOCK = "line.lock"
_PATIENCE_SECONDS = 5.0
_joining = threading.Lock()


@dataclass(frozen=True)
class Place:
    """Where a waiting run stands: how many runs are `ahead`, and when it starts and ends.

    Both in seconds from now; None if that can't be told. `paused` says that a run under way rests,
    so that all this may take longer.
    """

    ahead: int
    starts_in: float | None
    ends_in: float | None
    paused: bool


def join(
    visitor: Visitor, wanted: Sequence[tuple[ModelConfig, TrainConfig]], root: Path | None = None
) -> list[Run]:
    """New runs in the line that belong to this visitor, all of them or none.

    Raises UserError if they have too many already, if a training is too large, or if the disk
    fails.
    """
    with _joining:
        must_have_room(visitor, len(wanted), root)
        joined: list[Run] = []
        for model, train in wanted:
            turn = next_turn(visitor.owner, root)
            joined.append(create(model, train, root, visitor.owner, turn))
        return joined


def rejoin(visitor: Visitor, run: Run) -> None:
    """Put a run that was interrupted back into the line, with a new turn of its owner.

    Raises UserError if this visitor may not, if they have too many unfinished runs, if there is
    nothing to go on with, or if the disk fails.
    """
    must_change(visitor, run)
    root = run.folder.parent
    try:
        with _joining, FileLock(root / LOCK, timeout=_PATIENCE_SECONDS):
            if is_torn(run):
                raise UserError("The status of this run can't be read now: try again in a minute.")
            status = run.status()
            if status.state != FAILED or status.final:
                raise UserError("This run can't go on: only one that was interrupted can.")
            must_have_room(visitor, 1, root)
            queue_again(run, next_turn(owner_of(run), root))
    except Timeout as error:
        raise UserError("The line is busy: try again.") from error
    except OSError as error:
        raise UserError(f"Run {run.id} can't go on: {error.strerror}.") from error


def next_turn(owner: str, root: Path | None = None) -> int:
    """The turn of a run that this owner creates now."""
    waiting: list[int] = []
    under_way: list[int] = []
    ended, own = [0], [-1]
    for run in list_runs(root):
        status = run.status()
        if not run.claimed and status.ended:
            continue  # It left the line before its turn came.
        state = ended if status.ended else waiting if status.state == QUEUED else under_way
        state.append(run.turn)
        if owner_of(run) == owner:
            own.append(run.turn)
    now = max(under_way, default=min(waiting, default=max(ended) + 1))
    return max(now, max(own) + 1)


def in_turn(waiting: Sequence[Run]) -> list[Run]:
    """Runs that wait, in the order in which they are served."""
    return sorted(waiting, key=lambda run: (run.turn, run.id))


def trainings_at_once() -> int:
    """How many runs are trained side by side: MNIST_RNN_TRAININGS_AT_ONCE, else one.

    More are for a cluster: on one computer they would take the cores from each other.
    """
    asked = os.environ.get(AT_ONCE, "")
    return max(1, int(asked)) if asked.isdecimal() else 1


def places(root: Path | None = None) -> dict[str, Place]:
    """Where each waiting run stands now, by its id; the times are by `estimate`.

    Those who have had fewer turns may still come before it.
    """
    waiting, under_way, _ = sorted_out(root)
    speeds = estimate.Speeds(root)
    paused = any(run.status().state == PAUSED for run in under_way)
    # When each of those that are trained side by side has ended.
    ends: list[float | None] = [speeds.seconds_left(run) for run in under_way]
    ends += [0.0] * (trainings_at_once() - len(under_way))
    found = {}
    for ahead, run in enumerate(in_turn(waiting), start=len(under_way)):
        known = [end for end in ends if end is not None]
        starts_in = min(known) if len(known) == len(ends) else None
        seconds = speeds.seconds_left(run)
        ends_in = None if starts_in is None or seconds is None else starts_in + seconds
        found[run.id] = Place(ahead, starts_in, ends_in, paused)
        ends[ends.index(starts_in)] = ends_in
    return found
