"""What each row did to the answer, in words made from the probabilities."""

import numpy as np

from mnist_rnn.config import CLASSES, ROWS

# Changes of probability from here on are worth naming; below the second nothing is seen of them.
NAMED, NOTICED = 0.05, 0.005
# From these probabilities on, a reader leans to its answer, says it, is sure of it.
LEANS, SAYS, SURE = 0.3, 0.6, 0.95


def sentences(
    probabilities: np.ndarray,
    empty: np.ndarray,
    asked: np.ndarray,
    unit: str = "row",
    most: int = 2,
) -> list[tuple[str, str]]:
    """One sentence a timestep, in halves: what it changed, and where that leaves the answer.

    probabilities: (timesteps, 10). empty: (timesteps,) bool, where nothing but zeros was read.
    asked: (timesteps,) bool, where the head was trained to answer. unit: what a timestep is
    called. most: how many risers, and how many fallers, are named. Before the first timestep
    every digit is taken to be as likely as any other.
    """
    before = np.vstack([np.full(CLASSES, 1 / CLASSES), probabilities[:-1]])
    answers = probabilities.argmax(1)
    return [
        (
            _event(f"{unit} {step + 1}", probabilities[step] - before[step], empty[step], most),
            _verdict(probabilities[step], answers[max(0, step - 1)], bool(asked[step])),
        )
        for step in range(len(probabilities))
    ]


def percent(share: float) -> str:
    """A probability, 0 to 1, as the stage writes it: what is not certain is not called 100%."""
    return ">99%" if share >= 0.995 else f"{share:.0%}"


def unit_of(timesteps: int) -> str:
    """What one timestep is called."""
    return "row" if timesteps == ROWS else "timestep"


def moment_name(row: int, timesteps: int) -> str:
    """What ends at a row, from 1, of a reading: that row, or a timestep if there are more."""
    return f"{unit_of(timesteps)} {row * timesteps // ROWS}"


def _event(name: str, change: np.ndarray, empty: bool, most: int) -> str:
    """What the probabilities of the digits did, as in "row 9: 1 and 7 fell, 0 and 6 rose"."""
    moves = [
        f"{' and '.join(map(str, digits))} {verb}"
        for verb, growth in (("fell", -change), ("rose", change))
        if (digits := _largest(growth, most))
    ]
    if not moves:
        effect = "little" if np.abs(change).max() >= NOTICED else "nothing"
        return f"{name} was empty and changed {effect}" if empty else f"{name} changed {effect}"
    return f"{name}{' was empty, yet' if empty else ':'} {', '.join(moves)}"


def _largest(growth: np.ndarray, most: int) -> list[int]:
    """The digits that grew by enough to be named, the largest growth first."""
    ranked = np.argsort(-growth, kind="stable")[:most]
    return [int(digit) for digit in ranked if growth[digit] >= NAMED]


def _verdict(probabilities: np.ndarray, last_answer: int, asked: bool) -> str:
    """The likeliest digit, as in "it leans to 6 (41% sure)"."""
    answer = int(probabilities.argmax())
    share = percent(probabilities[answer])
    if not asked:
        return f"if asked now: {answer} ({share}), not trained"
    if answer != last_answer:
        return f"it turns from {last_answer} to {answer} ({share} sure)"
    if probabilities[answer] >= SURE:
        return f"it says {answer}, {share} sure"
    if probabilities[answer] < LEANS:
        return f"undecided; {answer} leads ({share})"
    verb = "leans to" if probabilities[answer] < SAYS else "says"
    return f"it {verb} {answer} ({share} sure)"
