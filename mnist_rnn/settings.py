"""How a setting is declared: once, with its default, the values it may take and a line of help."""

import dataclasses
import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self, cast, get_type_hints

from mnist_rnn.errors import UserError


@dataclass(frozen=True)
class Setting:
    """One line of the table: how a setting is shown, and which values it may take."""

    label: str
    help: str
    choices: tuple[str, ...] = ()
    minimum: float = -math.inf
    maximum: float = math.inf


def setting(default: Any, label: str, help: str, **limits: Any) -> Any:
    """A dataclass field that carries its `Setting`."""
    return field(default=default, metadata={"setting": Setting(label, help, **limits)})


@dataclass(frozen=True)
class BaseConfig:
    """A table of settings: each field is a `setting`, checked as soon as it is given."""

    def __post_init__(self) -> None:
        for name, (kind, rule) in settings(type(self)).items():
            object.__setattr__(self, name, _checked(name, kind, rule, getattr(self, name)))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The config described by a JSON object; what it leaves out takes its default.

        Raises UserError for an unknown setting or a value out of range.
        """
        if not isinstance(values, Mapping):
            raise UserError(f"A configuration must be a table of settings, not {values!r:.40}.")
        unknown = sorted(str(name) for name in set(values) - set(settings(cls)))
        if unknown:
            raise UserError(f"There is no setting called {unknown[0]!r:.60}.")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """A JSON object that `from_dict` turns back into this config."""
        return dataclasses.asdict(self)


def settings(config: type[BaseConfig]) -> dict[str, tuple[type, Setting]]:
    """The table of a config class: name -> (type, Setting), in the order of declaration."""
    kinds = _kinds(cast(Hashable, config))
    return {f.name: (kinds[f.name], f.metadata["setting"]) for f in dataclasses.fields(config)}


# A long list of runs asks tens of thousands of times.
_kinds = cache(get_type_hints)


def _checked(name: str, kind: type, rule: Setting, value: Any) -> Any:
    """`value` as a `kind` within the rule, or a UserError that says what is allowed."""
    if rule.choices:
        if value not in rule.choices:
            raise UserError(f"{name} must be one of {', '.join(rule.choices)}, not {value!r:.40}.")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UserError(f"{name} must be a number, not {value!r:.40}.")
    if not rule.minimum <= value <= rule.maximum or (kind is int and value != int(value)):
        whole = "a whole number" if kind is int else "a number"
        raise UserError(
            f"{name} must be {whole} from {rule.minimum:g} to {rule.maximum:g}, not {value!r:.40}."
        )
    return kind(value)
