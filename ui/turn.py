"""What is said to who waits: the place in the line, and how long it takes."""

from pathlib import Path

import streamlit as st

from mnist_rnn import line
from mnist_rnn.estimate import in_words
from mnist_rnn.line import Place
from mnist_rnn.runs import Run


def when_its_turn_comes(run: Run) -> str:
    """One or two sentences about a run in the queue."""
    root = run.folder.parent
    if run.id not in _places(root):
        _places.clear(root)  # It has only just been created.
    place = _places(root).get(run.id)
    if place is None:
        return "**Its turn has come.**"
    ahead = "1 run is" if place.ahead == 1 else f"{place.ahead} runs are"
    said = f"**{ahead} ahead of this one.**" if place.ahead else "**It is next.**"
    if place.starts_in is None or place.ends_in is None:
        return said
    starts = f"starts in {in_words(place.starts_in)} and " if place.ahead else ""
    later = ", or later: the run under way is paused." if place.paused else "."
    return f"{said} It {starts}ends in {in_words(place.ends_in)}{later}"


# A whole class may look at the line twice a second.
@st.cache_data(ttl=1, show_spinner=False)
def _places(root: Path) -> dict[str, Place]:
    return line.places(root)
