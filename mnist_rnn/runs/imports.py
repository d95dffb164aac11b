"""Networks that were trained elsewhere, kept as runs that have ended.

So they are named, published, measured against others and deleted like everything that was trained
here, and belong to whoever brought them.
"""

from pathlib import Path
from threading import Lock

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.accuracy import measured
from mnist_rnn.network import weights
from mnist_rnn.network.foreign import Foreign
from mnist_rnn.runs.access import Visitor
from mnist_rnn.runs.housekeeping import new_run, not_kept, rename
from mnist_rnn.runs.ledger import rows, why_incomplete
from mnist_rnn.runs.queue import alone_in
from mnist_rnn.runs.run import Run, runs_folder
from mnist_rnn.runs.status import FINISHED

MOST_OF_ONE, MOST_IN_ALL = 5, 50
# A digit, of a student's network: it is measured in the app's own process, in a minute at most. The
# readers that ship take up to 3 million.
MOST_MULTIPLICATIONS = 10_000_000
# One network reads the test digits at a time: a class that brings thirty would take all cores.
_measuring = Lock()


def import_network(
    visitor: Visitor, foreign: Foreign, name: str = "", root: Path | None = None, **said: str
) -> Run:
    """A run of this visitor with these weights, measured here on the 10,000 test digits.

    said: what was asked for of the network. Raises UserError if they can't be used, if there are
    too many or this one is too slow, if another run has this name, or if the disk fails.
    """
    root = root or runs_folder()
    card = foreign.card(**said)
    _must_have_room(visitor, root)
    _must_be_quick(visitor, card.model)
    with _measuring:
        card = measured(foreign.tensors, card)

    def fill(run: Run) -> None:
        rename(run, name)
        weights.save(run.best, foreign.tensors, card)
        run.set_status(FINISHED, "It was trained elsewhere.")

    model, train = card.model.to_dict(), TrainConfig().to_dict()
    config = {"imported": True, "owner": visitor.owner, "model": model, "train": train}
    try:
        root.mkdir(parents=True, exist_ok=True)
        with alone_in(root):
            _must_have_room(visitor, root)
            return new_run(root, config, fill)
    except OSError as error:
        raise not_kept(root, error) from error


def _must_have_room(visitor: Visitor, root: Path) -> None:
    if visitor.teacher:
        return
    listed = rows(root)
    if problem := why_incomplete(listed):
        raise UserError(f"Nobody can tell how many networks you have imported. {problem}")
    imported = [row for row in listed if row.imported]
    if sum(row.owner == visitor.owner for row in imported) >= MOST_OF_ONE:
        raise UserError(
            f"You have imported {MOST_OF_ONE} networks, the most for one student: delete one first."
        )
    if len(imported) >= MOST_IN_ALL:
        raise UserError(
            f"{MOST_IN_ALL} networks have been imported, the most for a class: somebody has to "
            "delete one first."
        )


def _must_be_quick(visitor: Visitor, model: ModelConfig) -> None:
    """Raise UserError if a student's network takes long to read a digit."""
    multiplications = model.timesteps * weights.parameter_count(model)
    if not visitor.teacher and multiplications > MOST_MULTIPLICATIONS:
        raise UserError(
            f"This network multiplies {multiplications / 1e6:.0f} million numbers to read a digit, "
            f"and a student's may do {MOST_MULTIPLICATIONS // 10**6} million: bring one with fewer "
            "units or timesteps, or ask the teacher to import it."
        )
