"""What is kept once for all visitors: the supervisor, test digits, readers, what they come to.

None of it is in Streamlit's caches, because any visitor can empty those with one message. A second
supervisor would then start workers of its own, and everybody would wait for what was lost.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
import streamlit as st

from mnist_rnn.analysis.memories import (
    GROUPED_BY,
    Crowd,
    Plane,
    fit_plane,
    mean_memories,
    remember,
    spread,
)
from mnist_rnn.analysis.units import Extremes, extremes
from mnist_rnn.analysis.what_if import accuracy_with_memory_emptied
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.evaluation.accuracy import Evaluation, evaluate
from mnist_rnn.files import Stamp, read_when_changed
from mnist_rnn.network.drawer import Drawer
from mnist_rnn.network.reader import Reader
from mnist_rnn.runs.supervisor import Supervisor
from ui.page import section

EXAMPLES = 5
T = TypeVar("T")


class _Slot(Generic[T]):
    """Where one value is kept; whoever makes it holds the lock."""

    def __init__(self) -> None:
        self.value: T | None = None
        self.lock = Lock()


def _kept(most: int | None, waiting: str = "") -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Keep what a function returned, for the `most` arguments that were asked for last.

    Each value is made once: whoever else asks for it meanwhile waits, and reads `waiting`. What was
    raised is not kept.
    """

    def keep(make: Callable[..., T]) -> Callable[..., T]:
        @lru_cache(most)
        def slot_of(*_arguments: Any) -> _Slot[T]:
            return _Slot()

        looking = Lock()  # Of two who ask at once, lru_cache would give each a slot of their own.

        @wraps(make)
        def kept(*arguments: Any) -> T:
            with looking:
                slot = slot_of(*arguments)
            if slot.value is None:
                with st.spinner(waiting) if waiting else nullcontext(), slot.lock:
                    if slot.value is None:
                        slot.value = make(*arguments)
            return slot.value

        kept.cache_clear = slot_of.cache_clear
        return kept

    return keep


@_kept(most=None)
def supervisor(root: Path) -> Supervisor:
    """The one supervisor of this app for a folder of runs."""
    return Supervisor(root)


@_kept(most=1)
def shared_test_digits() -> Digits:
    """The 10,000 test digits; raises UserError if they are missing or damaged."""
    return load_digits("test")


def examples_of(digit: int) -> np.ndarray:
    """All test images of one class, (n, 28, 28) uint8."""
    digits = shared_test_digits()
    return digits.images[digits.labels == digit]


@read_when_changed
@_kept(most=64)
def stored_reader(path: Path, _stamped: Stamp) -> Reader:
    """The reader in a file as it is now; raises UserError if it is damaged."""
    return Reader.load(path)


@read_when_changed
@_kept(most=4)
def stored_drawer(path: Path, _stamped: Stamp) -> Drawer:
    """The drawer in a file as it is now; raises UserError if it is damaged."""
    return Drawer.load(path)


@_kept(most=1)
def _validation_digits() -> Digits:
    digits = load_digits("validation").first(GROUPED_BY)
    return Digits(digits.images.copy(), digits.labels.copy())  # not all 60,000 behind them


@_kept(most=32)
def memories_of(reader: Reader) -> np.ndarray:
    """What a stored reader remembers on average of each class and of all, (11, units)."""
    return mean_memories(reader, _validation_digits())


@_kept(most=32, waiting=section("when", "reading"))
def evaluation_of(reader: Reader) -> Evaluation:
    """What a stored reader answers to the 10,000 test digits."""
    return evaluate(reader, shared_test_digits())


@_kept(most=32, waiting=section("when", "reading"))
def accuracy_of_forgetful(reader: Reader, row: int) -> float:
    """The fraction of them that a stored reader names if it forgets all after so many rows."""
    return accuracy_with_memory_emptied(reader, shared_test_digits(), row)


@dataclass(frozen=True)
class Atlas:
    """A crowd, the plane that its last memories span, and the crowd on it, (28, n, 2)."""

    crowd: Crowd
    plane: Plane
    places: np.ndarray


@_kept(most=6, waiting="Reading test digits …")
def atlas_of(reader: Reader) -> Atlas:
    """What a stored reader remembers of many test digits."""
    crowd = remember(reader, spread(shared_test_digits()))
    plane = fit_plane(crowd.last)
    return Atlas(crowd, plane, plane.project(crowd.states).transpose(1, 0, 2))


@_kept(most=32, waiting=section("when", "reading"))
def extremes_of(reader: Reader) -> Extremes:
    """The test digits that excite each unit of a stored reader most and least."""
    return extremes(reader, shared_test_digits(), EXAMPLES)
