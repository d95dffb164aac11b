"""The readers that can be chosen: published ones, those that ship, and the newest of the others."""

from collections.abc import Iterable

import streamlit as st

from mnist_rnn.network.catalog import Entry, left_out, shipped
from mnist_rnn.runs.ledger import rows, why_incomplete
from mnist_rnn.runs.readers import offered_readers, run_called
from ui import notice
from ui.visitor import watched


def offered(wanted: Iterable[str] = ()) -> dict[str, Entry]:
    """The readers on offer by key, with those `wanted`; those that can't be read now are told."""
    everyone = rows()
    for problem in filter(None, (why_incomplete(everyone), *left_out())):
        notice.warning(problem)
    published, others = offered_readers(watched(reversed(everyone)), set(wanted))
    return {entry.key: entry for entry in (*published, *shipped(), *others)}


def by_key(names: Iterable[str]) -> list[str]:
    """The keys of readers that are named by key, or by a title from before somebody renamed them.

    Streamlit hands over what was shown when a choice is no longer called the same.
    """
    keys = ((run_called(name), name) for name in names)
    return list(dict.fromkeys(run.id if run else name for run, name in keys))


def see_read(keys: list[str]) -> None:
    """Open the Draw page with these readers."""
    st.session_state.readers = keys
    # Who comes with a network of their own has begun: it is not the first screen that they want.
    st.session_state.begun = True
    st.switch_page("pages/draw.py")


def see_mistakes(key: str) -> None:
    """Open the Mistakes page with this reader."""
    st.session_state.reader = key
    st.switch_page("pages/mistakes.py")
