"""What a reader remembers of many test digits, kept for all visitors."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from mnist_rnn.analysis.memories import Crowd, Plane, fit_plane, remember, spread
from mnist_rnn.analysis.units import Extremes, extremes
from mnist_rnn.network.catalog import Entry
from mnist_rnn.network.reader import Reader
from ui.draw.scene import changed_at, shared_test_digits
from ui.page import section

EXAMPLES = 5


@dataclass(frozen=True)
class Atlas:
    """A crowd, the plane that its last memories span, and the crowd on it, (28, n, 2)."""

    crowd: Crowd
    plane: Plane
    places: np.ndarray


def atlas_of(entry: Entry, reader: Reader) -> Atlas:
    """The atlas of an entry's reader, made at its first use after the file has changed."""
    return _make_atlas(entry.path, changed_at(entry.path), reader)


@st.cache_resource(max_entries=6, show_spinner="Reading test digits …")
def _make_atlas(path: Path, changed: int, _reader: Reader) -> Atlas:
    """The underscore keeps the reader out of the cache's key, which is its file and its time."""
    crowd = remember(_reader, spread(shared_test_digits()))
    plane = fit_plane(crowd.last)
    return Atlas(crowd, plane, plane.project(crowd.states).transpose(1, 0, 2))


def extremes_of(entry: Entry, reader: Reader) -> Extremes:
    """What excites the units of an entry's reader, found like its atlas."""
    return _find_extremes(entry.path, changed_at(entry.path), reader)


@st.cache_resource(max_entries=32, show_spinner=section("when", "reading"))
def _find_extremes(path: Path, changed: int, _reader: Reader) -> Extremes:
    return extremes(_reader, shared_test_digits(), EXAMPLES)
