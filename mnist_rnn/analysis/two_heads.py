"""The claim of 2016 in numbers: is a network right more often when it is asked once, at the end?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mnist_rnn.config import READING_HEADS, ROWS, Config, ModelConfig, TrainConfig
from mnist_rnn.runs import Run
from mnist_rnn.runs.ledger import RunRow, row_of

CHECKED_ROWS = (8, 14, 20, ROWS)
# A curve that gains more points an epoch, over so many epochs, is still on its way.
CLIMBS_POINTS, RECENT_EPOCHS, FEWEST_EPOCHS = 0.5, 5, 3
Claim = Literal["confirmed", "contradicted", "undecided"]


@dataclass(frozen=True)
class Pair:
    """A many-to-one run and a many-to-many run, alike in every other setting and in the seed."""

    many_to_one: Run
    many_to_many: Run

    @property
    def runs(self) -> dict[str, Run]:
        """Both by their heads."""
        return {"many_to_one": self.many_to_one, "many_to_many": self.many_to_many}


def both_heads(model: ModelConfig, train: TrainConfig) -> list[Config]:
    """The two configurations of the experiment: these settings with either head."""
    return [Config(replace(model, head=head), train) for head in READING_HEADS]


def find_pair(row: RunRow, among: Sequence[RunRow]) -> Pair | None:
    """The run with its twin: of those that differ in the head alone, the one created next to it.

    `among` is oldest first, as `rows` gives it.
    """
    if row.config is None or row.config.model.head not in READING_HEADS:
        return None
    (wanted,) = (config for config in both_heads(*row.config) if config != row.config)
    places = {other.id: place for place, other in enumerate(among)}
    twins = [other for other in among if other.config == wanted]
    if not twins or row.id not in places:
        return None
    twin = min(twins, key=lambda other: abs(places[other.id] - places[row.id]))
    pair = (row, twin) if row.config.model.head == "many_to_one" else (twin, row)
    return Pair(*(one.run for one in pair))


def of_other_seeds(pair: Pair, among: Sequence[RunRow]) -> dict[int, Pair]:
    """Pairs that differ from this one in the seed alone, by their seeds; the newest of each seed.

    `among` is oldest first, as `rows` gives it.
    """
    config = row_of(pair.many_to_one).config
    if config is None:
        return {}
    heads = dict(zip(READING_HEADS, both_heads(*config), strict=True))
    found: dict[int, dict[str, Run]] = {}
    for row in among:
        if row.config is None or row.config.train.seed == config.train.seed:
            continue
        model, train = row.config
        head, seed = model.head, train.seed
        if (model, replace(train, seed=config.train.seed)) == heads.get(head):
            found.setdefault(seed, {})[head] = row.run
    return {
        seed: Pair(**runs)
        for seed, runs in sorted(found.items())
        if runs.keys() == set(READING_HEADS)
    }


def gain(accuracies: Sequence[float]) -> float | None:
    """The percentage points an epoch by which these fractions, one an epoch, climbed in the end.

    That is the slope of a line through the last RECENT_EPOCHS; None of fewer than FEWEST_EPOCHS.
    """
    recent = 100 * np.asarray(accuracies[-RECENT_EPOCHS:])
    if len(recent) < FEWEST_EPOCHS:
        return None
    return float(np.polyfit(np.arange(len(recent)), recent, 1)[0])


@dataclass(frozen=True)
class Verdict:
    """Both heads, each on the same images, at four moments of the reading.

    timesteps: (4,) the moments, counted from 1; the last is the end of the sequence.
    many_to_one, many_to_many: (4,) the fraction right there.
    """

    timesteps: tuple[int, ...]
    many_to_one: tuple[float, ...]
    many_to_many: tuple[float, ...]
    images: int

    @property
    def points(self) -> tuple[float, ...]:
        """By how many percentage points many-to-one is ahead, (4,); below 0 it is behind."""
        pairs = zip(self.many_to_one, self.many_to_many, strict=True)
        return tuple(100 * (once - always) for once, always in pairs)

    @property
    def margin(self) -> float:
        """What the last difference must exceed to count, in percentage points.

        Two standard errors of a difference of two binomial fractions: what the choice of the
        test images may do. Another seed may do as much again.
        """
        fractions = (self.many_to_one[-1], self.many_to_many[-1])
        return 200 * math.sqrt(sum(p * (1 - p) for p in fractions) / self.images)

    @property
    def claim(self) -> Claim:
        """What this pair says to "digits do better when the loss is computed once, at the end".

        Of one seed: what other seeds say to it, `agreed` tells.
        """
        if abs(self.points[-1]) <= self.margin:
            return "undecided"
        return "confirmed" if self.points[-1] > 0 else "contradicted"


def verdict(
    many_to_one: Sequence[float], many_to_many: Sequence[float], images: int = 10_000
) -> Verdict:
    """Compare the fractions right after each timestep, (timesteps,) for both, on `images` images.

    Rows 8, 14, 20 and 28, or as far into a sequence that has another number of timesteps.
    """
    once, always = np.asarray(many_to_one), np.asarray(many_to_many)
    timesteps = tuple(len(once) * row // ROWS for row in CHECKED_ROWS)
    places = np.array(timesteps) - 1
    return Verdict(timesteps, tuple(once[places].tolist()), tuple(always[places].tolist()), images)


def agreed(found: Sequence[Verdict]) -> Claim | None:
    """What all of these verdicts, one a seed, say alike; None if they do not."""
    claims = {verdict.claim for verdict in found}
    return claims.pop() if len(claims) == 1 else None
