"""When a reader knows: the step at which it is sure enough to answer, and what stopping costs.

A reader that may stop commits at the first timestep whose likeliest digit reaches a threshold of
probability, and answers that digit; if none does, it answers after the last timestep.
"""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.analysis.accuracy import Evaluation
from mnist_rnn.data import Digits
from mnist_rnn.reader import CELLS, Reader

# OpenBLAS shares larger products between threads, and where other work has the processor they
# wait for each other a hundred times longer than one thread computes (measured).
ONE_THREAD_PRODUCT = 2**18
BATCH = 500


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
class Outcome:
    """What committing makes of many images: the fraction right, and the mean of steps read."""

    accuracy: float
    mean_steps: float


@dataclass(frozen=True)
class Survey(Evaluation):
    """A reader's answers to n digits after each timestep, and how sure it was of them.

    confidences: (n, timesteps) float32, the probability of each answer.
    """

    confidences: np.ndarray

    def of(self, digit: int) -> "Survey":
        """The part with this label alone."""
        chosen = self.labels == digit
        return Survey(self.answers[chosen], self.labels[chosen], self.confidences[chosen])

    def committing(self, threshold: float) -> Outcome:
        """What comes of answering every image at its own commitment."""
        steps = commit_steps(self.confidences, threshold)
        answers = np.take_along_axis(self.answers, steps[:, None] - 1, 1)[:, 0]
        return Outcome(float((answers == self.labels).mean()), float(steps.mean()))


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


def survey(reader: Reader, digits: Digits) -> Survey:
    """Read every digit, and keep of each reading only its answers and how sure they were."""
    parts = [
        _answers_and_confidences(reader, digits.images[start : start + BATCH])
        for start in range(0, len(digits), BATCH)
    ]
    answers, confidences = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Survey(answers, digits.labels, confidences)


def _answers_and_confidences(reader: Reader, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The likeliest digit after each timestep and its probability, each (n, timesteps)."""
    tensors = reader.tensors
    largest = max(tensors["rnn.kernel"].size, tensors["rnn.recurrent_kernel"].size)
    together = max(1, ONE_THREAD_PRODUCT // largest)
    groups = -(-len(images) // together)
    padded = np.zeros((groups * together, *images.shape[1:]), images.dtype)
    padded[: len(images)] = images

    sequence = reader.sequence(padded)  # (groups * together, timesteps, features)
    inputs = np.moveaxis(sequence, 1, 0).reshape(len(sequence[0]), groups, together, -1)
    cell = CELLS[reader.config.cell]
    state = (np.zeros((groups, together, reader.config.units), np.float32),) * cell.states
    answers = np.empty((len(padded), len(inputs)), np.uint8)
    confidences = np.empty((len(padded), len(inputs)), np.float32)
    for t, x in enumerate(inputs):
        state = cell.step(x, state, tensors)
        logits = reader.readout(state[0]).reshape(len(padded), -1)
        answers[:, t] = logits.argmax(1)
        # The softmax of the largest logit is 1 over the sum of exp(logit - largest).
        confidences[:, t] = 1 / np.exp(logits - logits.max(1, keepdims=True)).sum(1)
    return answers[: len(images)], confidences[: len(images)]
