"""What tells networks and their trainings apart: settings by name, in one table for each pair."""

from collections.abc import Sequence
from typing import Any

from mnist_rnn.config import Config, ModelConfig, TrainConfig
from mnist_rnn.settings import Setting, settings

Values = dict[str, Any]


def common_settings(configs: Sequence[Config]) -> Values:
    """The settings that all these configs share, by name, in the order of declaration."""
    first, *others = map(as_table, configs)
    return {k: v for k, v in first.items() if all(other[k] == v for other in others)}


def differences(configs: Sequence[Config]) -> list[Values]:
    """For each of these configs the other settings, which tell them apart, likewise."""
    shared = common_settings(configs)
    return [{k: v for k, v in as_table(c).items() if k not in shared} for c in configs]


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
