"""Hypothesis strategies for what comes in by the doors."""

import json

from hypothesis import strategies as st

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.presets import PRESETS
from mnist_rnn.settings import settings
from tests.doors.hostile import MARKED

SETTINGS = [*settings(ModelConfig), *settings(TrainConfig)]
CHOICES = [
    c
    for config in (ModelConfig, TrainConfig)
    for _, r in settings(config).values()
    for c in r.choices
]

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [*MARKED, "../../etc/passwd", "..\\x", "/", ".", "~", "-", "--", "%00", "$HOME"]
    ),
    st.from_regex(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}", fullmatch=True),
)
numbers = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["1e400", "9" * 5000, "1_000", "٣", "0x10", " 7 ", "nan", "-0"]),
)
values = st.one_of(numbers, texts, st.sampled_from(CHOICES))
names = st.one_of(
    st.sampled_from(
        [*SETTINGS, "run", "readers", "row", "view", "source", "digit", "both", "lesson", "drawn"]
    ),
    texts,
)
parameters = st.dictionaries(names, values, max_size=6)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
configs = st.dictionaries(
    st.sampled_from(SETTINGS) | st.text(max_size=8),
    json_values | st.sampled_from(CHOICES) | st.integers(-5, 600),
    max_size=8,
)
_command = st.tuples(
    st.sampled_from(["M", "L", "Q", "C", "m", ""]), st.lists(st.floats(width=32), max_size=5)
)
strokes = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["path", "Path", "rect"]),
        "path": st.lists(_command.map(lambda c: [c[0], *c[1]]), max_size=8),
        "left": st.floats(),
        "top": st.floats(),
        "strokeWidth": st.floats(),
    },
    optional=dict.fromkeys(("angle", "skewX", "skewY", "scaleX", "scaleY", "flipX"), json_values),
)
canvases = st.fixed_dictionaries({"objects": st.lists(strokes, max_size=4)}) | json_values
bytes_of_json = json_values.map(lambda value: json.dumps(value).encode())

# An operating system hands over no argument with a zero in it.
_words = values.filter(lambda text: "\0" not in text)
_flags = st.sampled_from(
    [f"--{name.replace('_', '-')}" for name in SETTINGS]
    + ["--preset", "--out", "--keep", "--weights", "--json", "--pen-digits", "--contact-sheet"]
    + ["--digit", "--style", "--seed", "--size", "--help"]
)
arguments = st.builds(
    lambda command, rest: [*command, *(word for pair in rest for word in pair)],
    st.sampled_from([["train"], ["train", "--out", "x"], ["read"], ["draw"], ["evaluate"], []]),
    st.lists(
        st.tuples(_flags, _words | st.sampled_from(list(PRESETS))) | st.tuples(_words), max_size=4
    ),
)
