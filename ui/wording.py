"""Settings in words."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mnist_rnn.comparison import Values, departures, differences, rules
from mnist_rnn.ledger import Line
from ui.controls import WORDS

_SPEAK_FOR_THEMSELVES = ("backbone", "head", "cell", "order", "optimizer")
_ALWAYS_SAID = ("backbone", "head", "cell", "units")


def names_apart(lines: Sequence[Line]) -> list[str]:
    """What tells each of these runs from the others: its own settings, or what it is called."""
    configs = [line.config for line in lines if line.config]
    each = iter(differences(configs).each if configs else ())
    names = [in_words(next(each)) if line.config else "" for line in lines]
    found = Counter(names)
    return [
        name if name and found[name] == 1 else ": ".join(filter(None, (line.title, name)))
        for name, line in zip(names, lines, strict=True)
    ]


def in_common(lines: Sequence[Line]) -> str:
    """The settings that these runs share, in one line; of the default ones only the network's."""
    configs = [line.config for line in lines if line.config]
    if not configs:
        return ""
    unusual = departures(configs[0])
    return in_words(
        {
            name: value
            for name, value in differences(configs).common.items()
            if name in unusual or name in _ALWAYS_SAID
        }
    )


def in_words(values: Values) -> str:
    """Settings by name in one line; their labels are left out where the value says enough."""
    table = rules()
    return ", ".join(
        _word(value)
        if name in _SPEAK_FOR_THEMSELVES
        else f"{table[name].label.lower()} {_word(value)}"
        for name, value in values.items()
    )


def _word(value: Any) -> str:
    if isinstance(value, str):
        return WORDS.get(value, value)
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
