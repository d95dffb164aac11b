"""Settings on the pages: widgets made from their tables, and settings of runs in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from mnist_rnn.config import (
    ModelConfig,
    TrainConfig,
    check_pair,
    without_effect,
)
from mnist_rnn.differences import Values, departures, differences, rules
from mnist_rnn.presets import PRESETS
from mnist_rnn.runs.ledger import RunRow
from mnist_rnn.settings import Setting, settings
from ui.page import section

OWN = "own"
CONFIGS = (ModelConfig, TrainConfig)
WORDS = {
    "rnn": "RNN",
    "cnn_rnn": "CNN+RNN",
    "many_to_one": "many-to-one",
    "many_to_many": "many-to-many",
    "one_to_one": "one-to-one",
    "one_to_many": "one-to-many",
    "simple_rnn": "SimpleRNN",
    "gru": "GRU",
    "lstm": "LSTM",
    "map_major": "map by map",
    "row_major": "row by row",
    "mnist": "MNIST",
    "mnist_and_pens": "MNIST and pens",
    "affine_level": "affine, level",
    "rmsprop": "RMSprop",
    "rmsprop_2016": "RMSprop of 2016",
    "orthogonal_2016": "of 2016",
    "adam": "Adam",
    "sgd": "SGD",
}
MOST_PILLS = 5
_SPEAK_FOR_THEMSELVES = ("backbone", "head", "cell", "order", "optimizer")
_ALWAYS_SAID = ("backbone", "head", "cell", "units")


def choose_preset() -> None:
    """A menu of the presets, which shows the one that the settings are those of."""
    values = _values()
    st.session_state["preset"] = next(
        (
            name
            for name, preset in PRESETS.items()
            if values == preset.model.to_dict() | preset.train.to_dict()
        ),
        OWN,
    )
    st.selectbox(
        "Preset",
        [*PRESETS, OWN],
        format_func=lambda name: (
            f"{PRESETS[name].kind}: {PRESETS[name].title}"
            if name in PRESETS
            else "None: the settings below"
        ),
        key="preset",
        on_change=_take_preset,
    )
    # There even when it is empty: the fields below would change places, and a browser loses what is
    # typed into a field just then.
    with st.container():
        if st.session_state["preset"] in PRESETS:
            st.caption(section("presets", st.session_state["preset"]))


def choose(names: Iterable[str]) -> None:
    """A widget for each of these settings, side by side; those without effect are left out."""
    tables = {name: entry for config in CONFIGS for name, entry in settings(config).items()}
    hidden = without_widget()
    with st.container(horizontal=True, gap="small"):
        for name in names:
            if name not in hidden:
                _widget(name, *tables[name])


def chosen() -> tuple[ModelConfig, TrainConfig]:
    """The network and the training that the widgets describe; raises UserError if they clash."""
    # What a hidden widget was once set to does not count.
    values = {name: value for name, value in _values().items() if name not in without_widget()}
    model, train = (
        {name: values[name] for name in settings(config) if name in values} for config in CONFIGS
    )
    pair = ModelConfig.from_dict(model), TrainConfig.from_dict(train)
    check_pair(*pair)
    return pair


def follow(row: RunRow) -> None:
    """Set the widgets to what a run was started with; a damaged run changes nothing."""
    if row.config:
        model, train = row.config
        st.session_state.update(model.to_dict() | train.to_dict())


def names_apart(rows: Sequence[RunRow]) -> list[str]:
    """What tells each of these runs from the others: its own settings, or what it is called."""
    configs = [row.config for row in rows if row.config]
    each = iter(differences(configs).each if configs else ())
    names = [in_words(next(each)) if row.config else "" for row in rows]
    found = Counter(names)
    return [
        name if name and found[name] == 1 else ": ".join(filter(None, (row.title, name)))
        for name, row in zip(names, rows, strict=True)
    ]


def in_common(rows: Sequence[RunRow]) -> str:
    """The settings that these runs share, in one line; of the default ones only the network's."""
    configs = [row.config for row in rows if row.config]
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


def _values() -> dict[str, Any]:
    defaults = ModelConfig().to_dict() | TrainConfig().to_dict()
    return {name: st.session_state.get(name, default) for name, default in defaults.items()}


def without_widget() -> set[str]:
    """The settings that make no difference to the network that is chosen."""
    values = _values()
    return without_effect(values["backbone"], values["head"], values["cell"])


def _take_preset() -> None:
    if preset := PRESETS.get(st.session_state["preset"]):
        st.session_state.update(preset.model.to_dict() | preset.train.to_dict())


def _widget(name: str, kind: type, rule: Setting) -> None:
    default = (ModelConfig().to_dict() | TrainConfig().to_dict())[name]
    common: dict[str, Any] = {"key": name, "help": rule.help, "persist_state": "session"}
    if len(rule.choices) > MOST_PILLS:
        st.selectbox(
            rule.label,
            rule.choices,
            rule.choices.index(default),
            format_func=lambda choice: WORDS.get(choice, choice.replace("_", " ")),
            **common,
        )
        return
    if rule.choices:
        # More than three don't fit side by side: pills take a second line.
        many = len(rule.choices) > 3
        choose_one = st.pills if many else st.segmented_control
        choose_one(
            rule.label,
            rule.choices,
            default=default,
            required=True,
            format_func=lambda choice: WORDS.get(choice, choice),
            width="stretch",
            wrap=many,
            **common,
        )
        return
    st.number_input(
        rule.label,
        kind(rule.minimum),
        kind(rule.maximum),
        value=default,
        step=max(1, default // 10) if kind is int else default / 2 or 0.1,
        format="%d" if kind is int else "%.4g",
        **common,
    )


def _word(value: Any) -> str:
    if isinstance(value, str):
        return WORDS.get(value, value)
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
