"""The memories of many digits, and a map of them: two directions out of many, and who is near."""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.config import CLASSES, ROWS
from mnist_rnn.digits.mnist import Digits
from mnist_rnn.network.reader import Reader

SIZE = 2000
# Products this small stay in the cache and on one core: four times as fast as 250 at once.
BATCH = 50
SAME = 1e-4
GROUPED_BY = 2000  # validation digits, for the mean memories that the stage groups units by


@dataclass(frozen=True)
class Crowd:
    """n digits, and the memory (n, 28, units) float32 that each leaves at the 28 stops."""

    digits: Digits
    states: np.ndarray

    @property
    def last(self) -> np.ndarray:
        """What is remembered after the whole digit, (n, units)."""
        return self.states[:, -1]


def stops(timesteps: int) -> np.ndarray:
    """The timesteps, from 0, that end each 28th of the sequence, (28,): the rows of a plain RNN.

    A reader that goes map by map takes 8 timesteps from one stop to the next.
    """
    return np.arange(1, ROWS + 1) * timesteps // ROWS - 1


def spread(digits: Digits, count: int = SIZE) -> Digits:
    """`count` digits taken at even distances from first to last, or all if there are fewer."""
    chosen = np.linspace(0, len(digits), min(count, len(digits)), endpoint=False).astype(int)
    return Digits(digits.images[chosen], digits.labels[chosen])


def remember(reader: Reader, digits: Digits) -> Crowd:
    """Read every digit and keep its hidden state at the stops."""
    kept = stops(reader.config.timesteps)
    states = np.empty((len(digits), ROWS, reader.config.units), np.float32)
    for start in range(0, len(digits), BATCH):
        part = slice(start, start + BATCH)
        # Batches, and only the stops, keep the memory of 224-timestep readers small.
        states[part] = reader.remember(reader.sequence(digits.images[part]))[:, kept]
    return Crowd(digits, states)


@dataclass(frozen=True)
class Plane:
    """The two directions in which states differ most.

    mean: (units,), the middle of the map.
    axes: (2, units), perpendicular directions of length 1.
    explained: (2,), the share of all variance that lies along each.
    """

    mean: np.ndarray
    axes: np.ndarray
    explained: np.ndarray

    def project(self, states: np.ndarray) -> np.ndarray:
        """Where states (..., units) lie on the map: (..., 2)."""
        return (states - self.mean) @ self.axes.T


def fit_plane(states: np.ndarray) -> Plane:
    """The plane of the first two principal components of states (n, units), n >= 2.

    With a single unit there is no second component: that axis is zero.

    Principal components point either way; each is turned so that its largest entry is positive,
    and the map does not flip from run to run.
    """
    mean = states.mean(0)
    _, spread, directions = np.linalg.svd(states - mean, full_matrices=False)
    missing = max(0, 2 - len(directions))
    directions, spread = np.pad(directions, ((0, missing), (0, 0))), np.pad(spread, (0, missing))
    axes = directions[:2]
    largest = np.abs(axes).argmax(1)
    axes = axes * np.sign(axes[[0, 1], largest])[:, None]
    variance = spread**2
    return Plane(mean, axes, variance[:2] / max(variance.sum(), np.finfo(variance.dtype).tiny))


def class_centres(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The mean of the points (n, 2) of each class: (10, 2), nan for a class without points."""
    found = np.bincount(labels, minlength=CLASSES)[:, None]
    sums = np.zeros((CLASSES, 2))
    np.add.at(sums, labels, points)
    return np.divide(sums, found, out=np.full((CLASSES, 2), np.nan), where=found > 0)


def mean_memories(reader: Reader, digits: Digits) -> np.ndarray:
    """What a reader remembers on average after the last row: (11, units) float32.

    First of the digits of each class, then of all; a class without digits gets the mean of all.
    """
    states = reader.read_batch(digits.images).hidden[:, -1]
    mean = states.mean(0)
    of_class = [
        states[digits.labels == digit].mean(0) if (digits.labels == digit).any() else mean
        for digit in range(CLASSES)
    ]
    return np.stack([*of_class, mean]).astype(np.float32)


def together(centres: np.ndarray, reach: np.ndarray) -> list[list[int]]:
    """The classes in groups of those that have not parted, in ascending order.

    Two centres (10, 2) are together if one lies in the ellipse around the other whose half-axes
    are `reach` (2,), and so are all that such pairs link. A class without a centre (nan) is in
    no group.
    """
    near = (((centres[:, None] - centres) / reach) ** 2).sum(-1) <= 1  # (10, 10), false for nan
    groups: list[list[int]] = []
    for digit in range(len(centres)):
        linked = [group for group in groups if near[digit, group].any()]
        if near[digit, digit]:
            groups = [group for group in groups if group not in linked]
            groups.append(sorted([digit, *(other for group in linked for other in group)]))
    return sorted(groups)


@dataclass(frozen=True)
class Neighbours:
    """The digits whose memory is nearest: `numbers` (count,) from near to far, and `same`, how
    many of the crowd have the same memory.
    """

    numbers: np.ndarray
    same: int


def nearest(
    state: np.ndarray, states: np.ndarray, count: int, leave_out: np.ndarray | None = None
) -> Neighbours:
    """The `count` states (n, units) nearest to a state (units,); equals in order of appearance.

    `leave_out` (n,) bool marks those that don't count, such as the drawing itself.
    """
    distances = np.sqrt(((states - state) ** 2).sum(1))
    if leave_out is not None:
        distances = np.where(leave_out, np.inf, distances)
    order = np.argsort(distances, kind="stable")[:count]
    order = order[np.isfinite(distances[order])]
    return Neighbours(order, int((distances < SAME).sum()))
