"""When a reader knows: the step at which it is sure enough to answer, and what stopping costs.

A reader that may stop commits at the first timestep whose likeliest digit reaches a threshold of
probability, and answers that digit; if none does, it answers after the last timestep.
"""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.evaluation.accuracy import Evaluation


@dataclass(frozen=True)
class Commitment:
    """What one reader does with one image: it commits to `answer` after `steps` of `timesteps`.

    `reached` is False if it never was sure enough and had to answer at the end.
    """

    answer: int
    steps: int
    timesteps: int
    reached: bool

    @property
    def saved(self) -> int:
        """How many timesteps it leaves unread."""
        return self.timesteps - self.steps


@dataclass(frozen=True)
class Tradeoff:
    """What committing trades on many images: the fraction right, for the mean of steps read."""

    accuracy: float
    mean_steps: float


def committing(evaluation: Evaluation, threshold: float) -> Tradeoff:
    """The trade-off of answering every digit at its own commitment."""
    steps = commit_steps(evaluation.confidences, threshold)
    answers = np.take_along_axis(evaluation.answers, steps[:, None] - 1, 1)[:, 0]
    return Tradeoff(float((answers == evaluation.labels).mean()), float(steps.mean()))


def commit(probabilities: np.ndarray, threshold: float) -> Commitment:
    """The commitment on one image from its probabilities (timesteps, 10)."""
    confidences = probabilities.max(1)
    steps = int(commit_steps(confidences[None], threshold)[0])
    reached = bool(confidences[steps - 1] >= threshold)
    return Commitment(int(probabilities[steps - 1].argmax()), steps, len(probabilities), reached)


def commit_steps(confidences: np.ndarray, threshold: float) -> np.ndarray:
    """After how many timesteps each of n readings (n, timesteps) commits, (n,) from 1."""
    sure = confidences >= threshold
    sure[:, -1] = True
    return sure.argmax(1) + 1
