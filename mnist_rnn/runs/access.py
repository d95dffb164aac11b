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
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from mnist_rnn.errors import UserError
from mnist_rnn.runs.ledger import RunRow, row_of, why_incomplete
from mnist_rnn.runs.run import NO_SUCH_RUN, find

MOST_UNFINISHED, MOST_ENDED = 2, 200
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


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


def may_change(visitor: Visitor, row: RunRow) -> bool:
    """Whether they may stop, pause, steer, rename, share or delete it.

    The owner may, and the teacher; a run without an owner is the teacher's. One that can't be read
    now is nobody's.
    """
    mine = row.owner != "" and hmac.compare_digest(row.owner, visitor.owner)
    return not row.problem and (visitor.teacher or mine)


def may_watch(visitor: Visitor, row: RunRow) -> bool:
    """Whether they may see it: anyone may as long as its owner shares it and it can be read."""
    return not row.problem and (row.label.shared or may_change(visitor, row))


def to_watch(visitor: Visitor, among: Iterable[RunRow]) -> list[RunRow]:
    """Those of these runs, oldest first, that they may see: the pinned ones, then the newest."""
    seen = [row for row in among if may_watch(visitor, row)]
    seen.reverse()
    return sorted(seen, key=lambda row: not row.label.pinned)


def find_to_watch(visitor: Visitor, run_id: str, root: Path | None = None) -> RunRow:
    """The run with this id, which may come from anyone.

    Raises UserError if it can't be read now, and the same one whether there is no such run or they
    may not see it.
    """
    row = row_of(find(run_id, root))
    if row.problem:
        raise UserError(row.problem)
    if not may_watch(visitor, row):
        raise UserError(NO_SUCH_RUN)
    return row


def must_change(visitor: Visitor, row: RunRow) -> None:
    """Raise UserError unless they may change it; to be called where the change is made."""
    if row.problem:
        raise UserError(row.problem)
    if not may_change(visitor, row):
        raise UserError("Only the one who started this run, or the teacher, can change it.")


def must_have_room(visitor: Visitor, wanted: int, among: Iterable[RunRow]) -> None:
    """Raise UserError if so many more runs are more than they may have waiting or under way.

    The teacher may have any number. Two at once, an experiment, always fit when none is left.
    """
    if visitor.teacher:
        return
    listed = list(among)
    if problem := why_incomplete(listed):
        raise UserError(f"Nobody can tell how many runs you have. {problem}")
    unfinished = sum(row.owner == visitor.owner and not row.status.ended for row in listed)
    if unfinished + wanted > MOST_UNFINISHED:
        raise UserError(
            f"You have {unfinished} unfinished {'run' if unfinished == 1 else 'runs'}, and "
            f"{MOST_UNFINISHED} are the most for one student: wait for one to end, or stop one."
        )


def too_many(visitor: Visitor, among: Iterable[RunRow]) -> list[RunRow]:
    """What makes room for a student's new runs: their oldest, beyond MOST_ENDED that have ended.

    Pinned and published ones stay.
    """
    ended = [row for row in among if row.owner == visitor.owner and row.status.ended]
    spare = [row for row in ended if not (row.label.pinned or row.label.published)]
    return [] if visitor.teacher else spare[: max(0, len(ended) - MOST_ENDED)]


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
