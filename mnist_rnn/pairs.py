"""The experiment of 2016: two runs that differ in the head alone, found in the run folders."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from mnist_rnn.comparison import Config
from mnist_rnn.config import READING_HEADS, ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.json_files import stamp
from mnist_rnn.runs import Run


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
    return [(replace(model, head=head), train) for head in READING_HEADS]


def find_pair(run: Run, among: Iterable[Run]) -> Pair | None:
    """The run with its twin: of those that differ in the head alone, the one created next to it.

    `among` is oldest first, as `runs.list_runs` gives it, and holds the run itself.
    """
    listed = list(among)
    own = _config(run)
    if own is None or own[0].head not in READING_HEADS or run not in listed:
        return None
    twin_of = {config[0].head: config for config in both_heads(*own)}
    wanted = next(config for head, config in twin_of.items() if head != own[0].head)
    place = listed.index(run)
    twins = [(abs(i - place), other) for i, other in enumerate(listed) if _config(other) == wanted]
    if not twins:
        return None
    _, twin = min(twins, key=lambda found: found[0])
    return Pair(run, twin) if own[0].head == "many_to_one" else Pair(twin, run)


def _config(run: Run) -> Config | None:
    return _read(run, stamp(run.folder / "config.json"))


@lru_cache(maxsize=4096)
def _read(run: Run, changed: tuple[int, ...]) -> Config | None:
    """What a run was started with, None if it is damaged; read again when its file changes."""
    try:
        return run.config()
    except UserError:
        return None
