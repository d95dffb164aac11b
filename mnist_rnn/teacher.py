"""The teacher's mode: who has given the code that was printed where the app was started."""

import hmac
import logging
import os
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from mnist_rnn.errors import UserError

VARIABLE = "MNIST_RNN_TEACHER_TOKEN"
SHORTEST_CODE = 8
WINDOW_SECONDS, MOST_WRONG, MOST_WRONG_IN_ALL = 60.0, 5, 60
# Without letters and digits that look alike on a projector. Twelve of 31 are 59 random bits.
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ".replace("U", "")
_ALL = ""
_log = logging.getLogger(__name__)


def teachers_code() -> str:
    """The code from MNIST_RNN_TEACHER_TOKEN, else a new random one."""
    given = os.environ.get(VARIABLE, "").strip()
    if len(given) >= SHORTEST_CODE:
        return given
    if given:
        _log.warning("%s is shorter than %d letters: not used", VARIABLE, SHORTEST_CODE)
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


class TeachersDesk:
    """Knows who teaches, by the fingerprints of their tokens, until the app ends.

    Wrong codes are counted for `WINDOW_SECONDS`, by visitor and in all: a browser gets a new token
    for the asking, so a count by visitor alone would stop nobody.
    """

    def __init__(self, code: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.code = code
        self._clock = clock
        self._teachers: set[str] = set()
        self._wrong: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def is_teacher(self, owner: str) -> bool:
        return owner in self._teachers

    def enter(self, owner: str, code: str) -> None:
        """Make them a teacher; raises UserError for a wrong code, or for too many of them."""
        with self._lock:
            wait = max(self._wait(owner, MOST_WRONG), self._wait(_ALL, MOST_WRONG_IN_ALL))
            if wait > 0:
                raise UserError(f"Too many wrong codes: try again in {wait:.0f} seconds.")
            if not hmac.compare_digest(_plain(code), _plain(self.code)):
                for counted in (owner, _ALL):
                    self._wrong[counted].append(self._clock())
                raise UserError(
                    "This is not the teacher's code; it stands in the terminal of the app."
                )
            self._teachers.add(owner)

    def leave(self, owner: str) -> None:
        self._teachers.discard(owner)

    def _wait(self, counted: str, most: int) -> float:
        """Seconds until another wrong code is allowed; forgets those that are long past."""
        for key in [counted, *self._wrong]:
            times = self._wrong[key]
            while times and times[0] <= self._clock() - WINDOW_SECONDS:
                times.popleft()
            if not times:
                del self._wrong[key]
        times = self._wrong.get(counted, deque())
        return times[-most] + WINDOW_SECONDS - self._clock() if len(times) >= most else 0.0


def _plain(code: str) -> bytes:
    return code.strip().replace("-", "").upper().encode()
