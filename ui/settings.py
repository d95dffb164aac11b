"""Settings on the pages: widgets made from their tables, and settings of runs in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from mnist_rnn.config import LAYERS, Config, ModelConfig, TrainConfig, check_pair, idle_settings
from mnist_rnn.differences import Values, as_table, common_settings, departures, differences, rules
from mnist_rnn.presets import PRESETS
from mnist_rnn.runs.ledger import RunRow
from mnist_rnn.settings import Setting, settings
from ui.page import section, whole

WORDS = {
    "rnn": "RNN",
    "cnn_rnn": "CNN+RNN",
    "many_to_one": "many-to-one",
    "many_to_many": "many-to-many",
    "one_to_one": "one-to-one",
    "one_to_many": "one-to-many",
    **LAYERS,
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
    """A menu of the presets: it shows the one that was taken last, or the one closest to a link."""
    closest = _closest()
    if st.session_state.get("preset") not in PRESETS or not _changes(closest):
        st.session_state["preset"] = closest
    st.selectbox(
        "Preset",
        PRESETS,
        format_func=lambda name: f"{PRESETS[name].kind}: {PRESETS[name].title}",
        key="preset",
        on_change=_take_preset,
        persist_state="session",
    )


def _closest() -> str:
    return min(PRESETS, key=lambda name: len(_changes(name)))


def show_changes() -> None:
    """What differs from the preset is named here, marked at its widget, and taken back by a click.

    There even when it is empty: the fields below would change places, and a browser loses what is
    typed into a field just then.
    """
    changes = {
        name: f"{in_words({name: now})}, not {_word(then)}"
        for name, (now, then) in _changes(st.session_state["preset"]).items()
    }
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="changes"):
        if changes:
            said = f"{section('train', 'changed')} {'; '.join(changes.values())}"
            st.caption(said, width="stretch")
            st.button(
                "Undo",
                icon=":material/undo:",
                type="tertiary",
                help=section("train", "back to the preset"),
                on_click=_take_preset,
            )
    labels = ", ".join(f".st-key-{name} [data-testid=stWidgetLabel] p" for name in changes)
    st.html(f"<style>{labels or 'none'} {{ color: var(--changed); font-weight: 600; }}</style>")


def _changes(preset: str) -> dict[str, tuple[Any, Any]]:
    """The settings, by name, that have an effect and are not the preset's: what is, what was."""
    now, then = _values(), as_table((PRESETS[preset].model, PRESETS[preset].train))
    idle = idle_now()
    return {
        name: (now[name], then[name])
        for name in then
        if name not in idle and now[name] != then[name]
    }


def choose(names: Iterable[str]) -> None:
    """A widget for each of these settings, side by side; those without effect are left out."""
    tables = settings(ModelConfig) | settings(TrainConfig)
    idle = idle_now()
    with st.container(horizontal=True, gap="small"):
        for name in names:
            if name not in idle:
                _widget(name, *tables[name])


def chosen() -> Config:
    """The network and the training that the widgets describe; raises UserError if they clash."""
    # What an idle setting was once set to does not count.
    idle = idle_now()
    config = from_table({name: value for name, value in _values().items() if name not in idle})
    check_pair(*config)
    return config


def from_table(values: Values) -> Config:
    """The settings of `as_table`, the rest by default; raises UserError for a bad value."""
    model, train = (
        {name: values[name] for name in settings(config) if name in values}
        for config in (ModelConfig, TrainConfig)
    )
    return Config(ModelConfig.from_dict(model), TrainConfig.from_dict(train))


def put(config: Config) -> None:
    """Set the widgets to these settings, and the menu to the preset that is closest to them."""
    st.session_state.update(as_table(config))
    st.session_state["preset"] = _closest()


def names_apart(rows: Sequence[RunRow]) -> list[str]:
    """What tells each of these runs from the others: its own settings, or what it is called."""
    configs = [row.config for row in rows if row.config]
    each = iter(differences(configs) if configs else ())
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
            for name, value in common_settings(configs).items()
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
    defaults = as_table(Config())
    return {name: st.session_state.get(name, default) for name, default in defaults.items()}


def idle_now() -> set[str]:
    """The settings, by name, that make no difference to the network that is chosen."""
    values = _values()
    return idle_settings(values["backbone"], values["head"], values["cell"])


@whole
def _take_preset() -> None:
    preset = PRESETS[st.session_state["preset"]]
    st.session_state.update(as_table((preset.model, preset.train)))


def _widget(name: str, kind: type, rule: Setting) -> None:
    default = as_table(Config())[name]
    common: dict[str, Any] = {"key": name, "help": rule.help, "persist_state": "session"}
    if len(rule.choices) > MOST_PILLS:
        st.selectbox(
            rule.label,
            rule.choices,
            rule.choices.index(default),
            format_func=lambda choice: WORDS.get(choice, choice.replace("_", " ")),
            **common,
        )
    elif rule.choices:
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
    else:
        number_field(rule.label, kind, rule, default, **common)


def number_field(label: str, kind: type, rule: Setting, value: float, **more: Any) -> None:
    """A field for a setting that is a number, which starts at `value`; `more` is Streamlit's."""
    st.number_input(
        label,
        kind(rule.minimum),
        kind(rule.maximum),
        value=value,
        step=max(1, value // 10) if kind is int else value / 2 or 0.1,
        format="%d" if kind is int else "%.4g",
        **more,
    )


def _word(value: Any) -> str:
    if isinstance(value, str):
        return WORDS.get(value, value)
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
