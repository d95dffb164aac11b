"""What is kept once for all visitors."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import streamlit as st

from mnist_rnn.network.catalog import WIRINGS, shipped
from ui import stored, visitor

CLASS = 30


def test_what_is_kept_for_all_is_kept_when_streamlits_caches_are_emptied(tmp_path):
    reader, drawer = shipped()[0], WIRINGS["one_to_many"]

    def kept():
        return [
            stored.supervisor(tmp_path),
            visitor.desk(),
            stored.shared_test_digits(),
            stored.stored_reader(reader.path),
            stored.stored_drawer(drawer.path),
            stored.evaluation_of(stored.stored_reader(reader.path)),
            stored.atlas_of(stored.stored_reader(reader.path)),
        ]

    before = kept()
    st.cache_data.clear()
    st.cache_resource.clear()
    assert list(map(id, kept())) == list(map(id, before))
    before[0].close()


def test_a_class_that_comes_at_once_gets_one_supervisor(tmp_path):
    door = Barrier(CLASS)

    def come(_student):
        door.wait()
        return stored.supervisor(tmp_path)

    with ThreadPoolExecutor(CLASS) as students:
        supervisor, *others = set(students.map(come, range(CLASS)))
    supervisor.close()
    assert others == []
