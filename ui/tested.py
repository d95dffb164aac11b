"""How readers do on the 10,000 test digits, kept for all visitors."""

from pathlib import Path

import streamlit as st

from mnist_rnn.analysis.accuracy import Evaluation, evaluate
from mnist_rnn.catalog import Entry
from mnist_rnn.reader import Reader
from ui.prose import section
from ui.scene import changed_at, shared_test_digits


def tested(entry: Entry, reader: Reader) -> Evaluation:
    """The answers of an entry's reader to the test digits, found anew when its file changes."""
    return _test(entry.path, changed_at(entry.path), reader)


@st.cache_resource(max_entries=32, show_spinner=section("when", "reading"))
def _test(path: Path, changed: int, _reader: Reader) -> Evaluation:
    """The underscore keeps the reader out of the cache's key, which is its file and its time."""
    return evaluate(_reader, shared_test_digits())
