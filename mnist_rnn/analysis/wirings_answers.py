"""What came of a student's prediction: each question's true answer, from the numbers on show."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mnist_rnn.config import ROWS
from mnist_rnn.network.reader import Trace

AT_ONCE, ROW_BY_ROW, BOTH = "one-to-one, all at once", "many-to-many, row by row", "both"
KNOWS, FORGETS = "yes, to the last row", "no, it forgets on the way"
QUARTERS = ("rows 1 to 7", "rows 8 to 14", "rows 15 to 21", "rows 22 to 28")


@dataclass(frozen=True)
class TrueAnswer:
    """One of the `options` is the `truth`; `facts` are the numbers that say so, by name."""

    options: tuple[str, ...]
    truth: str
    facts: dict[str, Any]


def who_can_answer(at_once: Trace, row_by_row: Trace, row: int) -> TrueAnswer:
    """Which of two networks has an answer after so many rows: one whose timesteps are rows."""
    truth = BOTH if len(at_once.answers) > 1 else ROW_BY_ROW
    early, last = row_by_row.probabilities[row - 1], at_once.probabilities[-1]
    facts = {
        "row": row,
        "answer": int(last.argmax()),
        "share": float(last.max()),
        "early_answer": int(early.argmax()),
        "early_share": float(early.max()),
    }
    return TrueAnswer((AT_ONCE, ROW_BY_ROW, BOTH), truth, facts)


def is_recognised(digit: int, read: Trace) -> TrueAnswer:
    """Whether a reader names the class that a drawing was made of."""
    probabilities = read.probabilities[-1]
    answer = int(probabilities.argmax())
    facts = {"digit": digit, "answer": answer, "share": float(probabilities.max())}
    return TrueAnswer((KNOWS, FORGETS), KNOWS if answer == digit else FORGETS, facts)


def when_it_settles(read: Trace) -> TrueAnswer:
    """In which quarter of the 28 rows a reader comes to its last answer and stays with it."""
    row = settled_at(read.answers)
    facts = {
        "row": row,
        "answer": int(read.answers[-1]),
        "share": float(read.probabilities[-1].max()),
        "answers": len(set(read.answers.tolist())),
    }
    return TrueAnswer(QUARTERS, QUARTERS[(row - 1) * len(QUARTERS) // ROWS], facts)


def settled_at(answers: np.ndarray) -> int:
    """The timestep, from 1, since which the answers (timesteps,) have been the last one."""
    others = np.flatnonzero(answers != answers[-1])
    return int(others[-1]) + 2 if len(others) else 1
