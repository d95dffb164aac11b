"""What two heads, and other seeds of them, say to the claim of 2016, or why it is too early."""

from collections.abc import Mapping, Sequence

import streamlit as st

from mnist_rnn.analysis.sentences import unit_of
from mnist_rnn.analysis.two_heads import CLIMBS_POINTS, Verdict, agreed, gain
from mnist_rnn.figures.layout import signed
from mnist_rnn.runs.metrics import Metrics
from ui.page import section

COLOURS = {"many_to_one": "orange", "many_to_many": "blue"}


def show_verdict(
    metrics: Mapping[str, Metrics],
    planned: Sequence[int],
    tested: Verdict | None,
    seeds: Sequence[Verdict],
    live: bool,
) -> None:
    """A sentence: too early, no verdict, or what these and the tested `seeds` before them say."""
    too_early = _too_early(metrics, planned, live)
    if not live and tested is None:
        st.warning(section("experiment", "untested"))
        return
    with st.container(key="claim"):
        if too_early or tested is None:
            st.markdown(f"{section('experiment', 'too early')}{too_early}")
            return
        st.markdown(_claim([*seeds, tested]))
    once, always = (len(known.epochs) for known in metrics.values())
    if once != always:
        st.caption(section("experiment", "unequal").format(once=once, always=always))


def _too_early(metrics: Mapping[str, Metrics], planned: Sequence[int], live: bool) -> str:
    """Why nothing can be said yet, to follow on that; empty if something can."""
    if not any(known.epochs for known in metrics.values()):
        return "."
    reasons = []
    for (head, known), epochs in zip(metrics.items(), planned, strict=True):
        points = gain([epoch.validation_accuracy for epoch in known.epochs])
        if not known.epochs:
            reasons.append(f"{head_name(head)} is still to come")
        elif points is None and not live:
            reasons.append(f"{head_name(head)} had too few epochs")
        elif points is not None and points > CLIMBS_POINTS:
            reasons.append(f"{head_name(head)} still gains {points:.1f} points an epoch")
        elif live and len(known.epochs) < epochs:
            reasons.append(f"{head_name(head)} has {len(known.epochs)} of {epochs} epochs")
    if live and not reasons:
        reasons = [section("experiment", "being tested")]
    return f": {', and '.join(reasons)}." if reasons else ""


def _claim(found: Sequence[Verdict]) -> str:
    """What all seeds say, and the numbers of the last of them."""
    newest, count = found[-1], len(found)
    claim = agreed(found)
    numbers = {
        # One seed confirms nothing.
        "confirmed": "With" if count == 1 else "Confirmed with",
        "contradicted": "Not with" if count == 1 else "Contradicted with",
        "seeds": "this seed" if count == 1 else f"{count} of {count} seeds",
        "ahead": sum(verdict.claim == "confirmed" for verdict in found),
        "behind": sum(verdict.claim == "contradicted" for verdict in found),
        "count": count,
        "once": newest.many_to_one[-1],
        "always": newest.many_to_many[-1],
        "points": abs(newest.points[-1]),
        "margin": newest.margin,
        "moment": _moment(newest, 1),
        "once_before": newest.many_to_one[1],
        "always_before": newest.many_to_many[1],
    }
    sentences = [section("experiment", claim or "disagree"), section("experiment", "before")]
    if count == 1:
        sentences.append(section("experiment", "one seed"))
    return " ".join(sentences).format(**numbers)


def show_numbers(found: Verdict, images: str) -> None:
    """Both heads at four moments of the reading, and the differences."""
    moments = [_moment(found, place) for place in range(len(found.timesteps))]
    lines = [
        [f"right, of 10,000 {images} images", *moments],
        ["---", *["--:"] * len(moments)],
        [head_name("many_to_one"), *[f"{fraction:.1%}" for fraction in found.many_to_one]],
        [head_name("many_to_many"), *[f"{fraction:.1%}" for fraction in found.many_to_many]],
        ["many-to-one ahead by, points", *[f"**{signed(points, 1)}**" for points in found.points]],
    ]
    with st.container(key="verdict"):
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _moment(found: Verdict, place: int) -> str:
    return f"{unit_of(found.timesteps[-1])} {found.timesteps[place]}"


def head_name(head: str) -> str:
    """The name of a head in Markdown, in its colour."""
    return f":{COLOURS[head]}[**{head.replace('_', '-')}**]"
