"""Who may change a run, and who may watch it: every page asks here, and nowhere else.

A visitor is known by a token that only their browser and the server see. A run folder holds its
SHA-256: run ids stand in links, and the folder may lie on a shared disk.
"""

import hashlib
import hmac
import logging
import os
import re
import secrets
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeGuard

from mnist_rnn.errors import UserError
from mnist_rnn.files import read_json, replace_json, stamp
from mnist_rnn.runs.run import NO_SUCH_RUN, Run, find, list_runs

MOST_UNFINISHED = 2
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
_changing = threading.Lock()


@dataclass(frozen=True)
class Visitor:
    """Somebody in front of a page: the fingerprint of their token, and whether they teach."""

    owner: str
    teacher: bool = False


def new_token() -> str:
    """A token of 256 random bits, in 43 letters, digits, - and _."""
    return secrets.token_urlsafe(32)


def is_token(text: object) -> TypeGuard[str]:
    """Whether this may be a token of `new_token`; it may come from anyone."""
    return isinstance(text, str) and _TOKEN.fullmatch(text) is not None


def fingerprint(token: str) -> str:
    """What is kept of a token: it proves the token, and nobody can find the token from it."""
    return hashlib.sha256(token.encode()).hexdigest()


def owner_of(run: Run) -> str:
    """The fingerprint of who started a run; empty if nobody did, or if that is damaged."""
    path = run.folder / "config.json"
    return _text(path, "owner", stamp(path))


def may_change(visitor: Visitor, run: Run) -> bool:
    """Whether they may stop, pause, steer, rename, share or delete it.

    The owner may, and the teacher; a run without an owner is the teacher's.
    """
    owner = owner_of(run)
    return visitor.teacher or (owner != "" and hmac.compare_digest(owner, visitor.owner))


def may_watch(visitor: Visitor, run: Run) -> bool:
    """Whether they may see it: anyone may as long as its owner shares it."""
    return is_shared(run) or may_change(visitor, run)


def to_watch(visitor: Visitor, root: Path | None = None) -> list[Run]:
    """The runs that they may see: those that the teacher has pinned, then the newest first."""
    seen = [run for run in reversed(list_runs(root)) if may_watch(visitor, run)]
    return sorted(seen, key=lambda run: not is_pinned(run))


def find_to_watch(visitor: Visitor, run_id: str, root: Path | None = None) -> Run:
    """The run with this id, which may come from anyone.

    Raises the same UserError whether there is no such run or they may not see it.
    """
    run = find(run_id, root)
    if not may_watch(visitor, run):
        raise UserError(NO_SUCH_RUN)
    return run


def must_change(visitor: Visitor, run: Run) -> None:
    """Raise UserError unless they may change it; to be called where the change is made."""
    if not may_change(visitor, run):
        raise UserError("Only the one who started this run, or the teacher, can change it.")


def must_delete(visitor: Visitor, run: Run) -> None:
    """Raise UserError unless they may delete it: nobody may delete what the teacher has pinned."""
    must_change(visitor, run)
    if is_pinned(run):
        raise UserError("This run is pinned: the teacher has to unpin it before it can go.")


def must_have_room(visitor: Visitor, wanted: int, root: Path | None = None) -> None:
    """Raise UserError if so many more runs are more than they may have waiting or under way.

    The teacher may have any number. Two at once, an experiment, always fit when none is left.
    """
    if visitor.teacher:
        return
    mine = [run for run in list_runs(root) if owner_of(run) == visitor.owner]
    unfinished = sum(not run.status().ended for run in mine)
    if unfinished + wanted > MOST_UNFINISHED:
        raise UserError(
            f"You have {unfinished} unfinished {'run' if unfinished == 1 else 'runs'}, and "
            f"{MOST_UNFINISHED} are the most for one student: wait for one to end, or stop one."
        )


def is_shared(run: Run) -> bool:
    """Whether others may watch it; they may unless its owner has said otherwise.

    A run shows curves and no names, and a class learns from each other's.
    """
    return bool(_marks(run).get("shared", True))


def is_pinned(run: Run) -> bool:
    """Whether the teacher keeps it from being deleted."""
    return bool(_marks(run).get("pinned", False))


def mark(run: Run, name: str, value: bool) -> None:
    """Set `shared` or `pinned`; raises UserError if the disk fails."""
    with _changing:
        try:
            replace_json(run.folder / "marks.json", {**_marks(run), name: value})
        except OSError as error:
            raise UserError(f"Run {run.id} can't be marked: {error.strerror}.") from error


def _marks(run: Run) -> dict[str, bool]:
    path = run.folder / "marks.json"
    return _read_marks(path, stamp(path))


@lru_cache(maxsize=4096)
def _read_marks(path: Path, changed: tuple[int, ...]) -> dict[str, bool]:
    return {name: value for name, value in read_json(path).items() if isinstance(value, bool)}


@lru_cache(maxsize=4096)
def _text(path: Path, name: str, changed: tuple[int, ...]) -> str:
    value = read_json(path).get(name)
    return value if isinstance(value, str) and value.isascii() else ""


VARIABLE = "MNIST_RNN_TEACHER_TOKEN"
# The code alone keeps guessers out (SECURITY.md has the sums): nobody is counted, so nobody can use
# up the teacher's tries.
SHORTEST_CODE = 12
LATE_SECONDS = 1.0
# Without letters and digits that look alike on a projector. Twelve of 31 are 59 random bits.
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ".replace("U", "")
_log = logging.getLogger(__name__)


def teachers_code() -> str:
    """The code from MNIST_RNN_TEACHER_TOKEN, else a new random one."""
    given = os.environ.get(VARIABLE, "").strip()
    if len(_plain(given)) >= SHORTEST_CODE:
        return given
    if given:
        _log.warning("%s is shorter than %d letters: not used", VARIABLE, SHORTEST_CODE)
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(SHORTEST_CODE))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


class TeachersDesk:
    """Knows who teaches, by the fingerprints of their tokens, until the app ends."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._teachers: set[str] = set()

    def is_teacher(self, owner: str) -> bool:
        return owner in self._teachers

    def enter(self, owner: str, code: str) -> None:
        """Make them a teacher; a wrong code raises UserError, and that LATE_SECONDS later.

        The right code opens at once, whoever guesses meanwhile.
        """
        if not hmac.compare_digest(_plain(code), _plain(self.code)):
            time.sleep(LATE_SECONDS)
            raise UserError("This is not the teacher's code; it stands in the terminal of the app.")
        self._teachers.add(owner)

    def leave(self, owner: str) -> None:
        self._teachers.discard(owner)


def _plain(code: str) -> bytes:
    return code.strip().replace("-", "").upper().encode()
