"""A wiring's shapes from layer to layer, its code in Keras, and the mistakes that people make."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_rnn.analysis.shapes import TIMESTEPS, Stage, stages
from mnist_rnn.config import ModelConfig
from mnist_rnn.figures.wirings.interleaving import interleaving_figure
from mnist_rnn.figures.wirings.overview import later_figure
from mnist_rnn.network.catalog import WIRINGS, shipped
from mnist_rnn.network.weights import parameter_count
from mnist_rnn.presets import PRESETS
from ui.address import choose_one
from ui.digit import opening_image
from ui.page import CONTENT, chart, current_theme, section, styled
from ui.stored import stored_reader

POSTS = CONTENT / "keras"
POST = "In Keras"
# By head, what each is called on the page and in `content/`.
MISTAKES = {
    "one_to_one": {"from_logits forgotten": "from_logits_forgotten"},
    "one_to_many": {"No timesteps": "one_timestep_missing"},
    "many_to_one": {
        "All states returned": "sequences_returned",
        "Maps interleaved": "maps_interleaved",
    },
    "many_to_many": {
        "One state returned": "no_return_sequences",
        "Label not repeated": "label_not_repeated",
        "Maps interleaved": "maps_interleaved",
    },
}
MAP_BY_MAP = "cnn_rnn-many_to_one-2016"
# Beside the code of many-to-many.
CONVOLUTIONS, CNN_RNN = "CNN into RNN", "cnn_rnn-many_to_many-2016"
DELAY = "With a delay"
DELAY_HEIGHT_PIXELS = 240


def show_shapes(head: str) -> None:
    """The shapes of a wiring, then its Keras code or a mistake; `head` is one of `WIRINGS`."""
    styled("shapes")
    with st.container(key="shapes"):
        _show_flow(head, PRESETS[WIRINGS[head].key].model)
    with st.container(key="posts"):
        mistakes = MISTAKES[head]
        more = (CONVOLUTIONS, DELAY) if head == "many_to_many" else ()
        shown = choose_one(
            "Code",
            [POST, *more, *mistakes],
            key=f"post-{head}",
            format_func=lambda name: f"Mistake: {name}" if name in mistakes else name,
        )
        left, words = st.columns([3, 2], gap="medium")
        if shown in mistakes:
            _show_mistake(mistakes[shown], left, words)
        elif shown == DELAY:
            _show_delay(left, words)
        else:
            name = head if shown == POST else "cnn_rnn"
            left.code(_read(f"{name}.py"))
            words.markdown(section("shapes", f"post {name}"))
            if shown == CONVOLUTIONS:
                _show_flow(name, PRESETS[CNN_RNN].model)


def _show_flow(name: str, model: ModelConfig) -> None:
    """The shapes of a network, which `content/shapes.md` calls `name`."""
    flow = stages(model)
    boxes = [(f"`{stage.layer}`", stage) for stage in flow]
    boxes.append((section("shapes", f"target {name}"), flow[-1]))
    with st.container(horizontal=True, gap="small", key=f"flow-{name}"):
        for number, (title, stage) in enumerate(boxes):
            # An arrow goes to the next line together with the box that it points to.
            with st.container(
                horizontal=True, vertical_alignment="center", width="content", gap="small"
            ):
                if number:
                    arrow = "↔" if number == len(flow) else "→"
                    with st.container(width="content", key=f"arrow-{name}-{number}"):
                        st.markdown(arrow)
                _show_box(f"{name}-{number}", title, stage)
    st.markdown(section("shapes", f"loss {name}"))
    timesteps = "timesteps" if any(TIMESTEPS in stage.axes for stage in flow) else "no timesteps"
    st.caption(section("shapes", timesteps).format(parameters=f"{parameter_count(model):,}"))


def _show_box(key: str, title: str, stage: Stage) -> None:
    """A layer or the target: its name, its shape in large type, and what each axis counts."""
    axes = {"batch": "batch"} | stage.axes
    with st.container(border=True, width="content", gap="xxsmall"):
        st.markdown(title, width="content")
        with st.container(width="content", key=f"shape-{key}"):
            sizes = ", ".join(_marked(axis, size) for axis, size in axes.items())
            st.markdown(f"({sizes})", width="content")
        st.caption(" · ".join(_marked(axis, axis) for axis in axes), width="content")


def _marked(axis: str, text: object) -> str:
    return f":orange[**{text}**]" if axis == TIMESTEPS else f"{text}"


def _show_delay(left: DeltaGenerator, words: DeltaGenerator) -> None:
    with left:
        chart(
            later_figure(current_theme()),
            "later",
            "Many-to-many with a delay: boxes and arrows over time",
            height=DELAY_HEIGHT_PIXELS,
        )
    words.markdown(section("shapes", "delay"))


def _show_mistake(name: str, left: DeltaGenerator, words: DeltaGenerator) -> None:
    left.code(_read(f"mistakes/{name}.py"))
    words.markdown(section("shapes", "said"))
    words.code(_read(f"mistakes/{name}.txt"), language=None, wrap_lines=True)
    words.markdown(section("shapes", f"mistake {name}"))
    if name == "maps_interleaved":
        _show_interleaving()


def _show_interleaving() -> None:
    (entry,) = (entry for entry in shipped() if entry.key == MAP_BY_MAP)
    sequence = stored_reader(entry.path).read(opening_image()).sequence
    chart(
        interleaving_figure(sequence, current_theme()),
        "interleaving",
        "Above, eight feature maps of a 5, one after the other; below, stripes without a shape",
    )


def _read(name: str) -> str:
    return (POSTS / name).read_text(encoding="utf-8")
