"""What tells networks and their trainings apart: settings by name, in one table for each pair."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mnist_rnn.config import Config, ModelConfig, TrainConfig
from mnist_rnn.settings import Setting, settings

Values = dict[str, Any]


@dataclass(frozen=True)
class Differences:
    """`common` holds the settings that all have alike, `each` the others, one table a config.

    All by name, in the order in which settings are declared.
    """

    common: Values
    each: tuple[Values, ...]


def differences(configs: Sequence[Config]) -> Differences:
    """Part the settings of configs into those that all share and those that tell them apart."""
    tables = [as_table(config) for config in configs]
    common = {
        name: value
        for name, value in tables[0].items()
        if all(table[name] == value for table in tables)
    }
    each = tuple({k: v for k, v in table.items() if k not in common} for table in tables)
    return Differences(common, each)


def departures(config: Config) -> Values:
    """The settings of a config that are not the default ones."""
    usual = as_table(Config())
    return {name: value for name, value in as_table(config).items() if value != usual[name]}


def rules() -> dict[str, Setting]:
    """How every setting of a network and of its training is declared, by its name."""
    tables = settings(ModelConfig) | settings(TrainConfig)
    return {name: rule for name, (_, rule) in tables.items()}


def as_table(config: Config) -> Values:
    """All settings of a network and its training in one table."""
    model, train = config
    return model.to_dict() | train.to_dict()
