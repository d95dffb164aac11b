"""What readers answer to the 10,000 test digits, found out once for all visitors."""

from pathlib import Path

import streamlit as st

from mnist_rnn.evaluation.accuracy import Evaluation, evaluate
from mnist_rnn.network.catalog import Entry
from mnist_rnn.network.reader import Reader
from ui.draw.scene import changed_at, shared_test_digits
from ui.page import section


def evaluation_of(entry: Entry, reader: Reader) -> Evaluation:
    """The test of an entry's reader, made at its first use after the file has changed."""
    return _evaluation_of(entry.path, changed_at(entry.path), reader)


@st.cache_resource(max_entries=32, show_spinner=section("when", "reading"))
def _evaluation_of(path: Path, changed: int, _reader: Reader) -> Evaluation:
    """The underscore keeps the reader out of the cache's key, which is its file and its time."""
    return evaluate(_reader, shared_test_digits())
