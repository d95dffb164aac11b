"""Names, notes, publishing and deleting: what is kept with a run, and what is refused."""

import json
import os
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn import runs
from mnist_rnn.config import TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.runs import housekeeping
from mnist_rnn.runs.labels import LONGEST_NAME, LONGEST_NOTE, Label, lines, one_line, read_label
from mnist_rnn.runs.ledger import row_of, rows
from mnist_rnn.runs.readers import NEWEST_OFFERED, offered_readers, run_called
from mnist_rnn.runs.status import PAUSED, QUEUED, RUNNING, STARTING, TESTING
from tests.run_folders import TINY, finished_run, list_runs


@pytest.fixture
def run(tmp_path):
    return finished_run(tmp_path)


def test_a_name_is_the_title_and_can_be_taken_back(run):
    before = row_of(run).title
    housekeeping.rename(run, "  My first\treader ")
    assert row_of(run).title == f"My first reader · {run.id[-4:]}"
    housekeeping.rename(run, " ")
    assert row_of(run).title == before


def test_a_name_a_note_and_publishing_do_not_disturb_each_other(run):
    run.mark(note="It forgets.\nWhy?")
    housekeeping.rename(run, "Anna")
    run.mark(published=True)
    assert read_label(run.folder) == Label("Anna", "It forgets.\nWhy?", True)


def test_no_two_runs_have_the_same_name(run, tmp_path):
    other = finished_run(tmp_path)
    housekeeping.rename(run, "Anna")
    housekeeping.rename(run, "Anna")
    with pytest.raises(UserError, match="different"):
        housekeeping.rename(other, "ANNA ")
    assert read_label(other.folder) == Label()


def test_a_run_is_found_by_a_title_that_it_used_to_have(run, tmp_path):
    before = row_of(run).title
    housekeeping.rename(run, "A · B")
    assert run_called(before, tmp_path) == run_called(row_of(run).title, tmp_path) == run
    for title in ("", "A", f"x · {'z' * 4}", run.id[-4:]):
        assert run_called(title, tmp_path) is None


@given(st.text(max_size=300))
def test_a_name_is_one_short_line_that_stays_the_same_when_kept(text):
    name = one_line(text)
    assert len(name) <= LONGEST_NAME
    assert name == one_line(name) == name.strip()
    assert len(name.splitlines()) <= 1
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in name)
    assert json.loads(json.dumps(name).encode()) == name


@given(st.text(max_size=300).map(lambda text: text * 20))
def test_a_note_is_limited_and_keeps_its_lines(text):
    note = lines(text)
    assert len(note) <= LONGEST_NOTE
    assert note == lines(note)


def test_text_that_turns_the_direction_of_writing_is_left_out():
    assert one_line("abc\u202egnp.exe\u2066") == "abcgnp.exe"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"name": 3}', '{"note": null}', '{"name": {"a": 1}}', "[" * 100_000]
)
def test_a_damaged_label_is_ignored(run, text):
    title = row_of(run).title
    (run.folder / "label.json").write_text(text)
    assert read_label(run.folder) == Label()
    assert row_of(run).title == title


def test_a_label_written_by_hand_is_made_harmless(run):
    label = {"name": "a\u0000b" * 100, "note": "n" * 9999, "published": "yes"}
    (run.folder / "label.json").write_text(json.dumps(label))
    kept = read_label(run.folder)
    assert "\u0000" not in kept.name
    assert (len(kept.name), len(kept.note), kept.published) == (60, 2000, False)


def test_nothing_is_kept_with_a_run_that_is_gone(run):
    housekeeping.delete(run)
    with pytest.raises(UserError, match="can't be kept"):
        run.mark(note="Too late")
    assert not run.folder.exists()


def test_a_deleted_run_is_gone_with_all_its_files(run, tmp_path):
    kept = finished_run(tmp_path)
    housekeeping.delete(run)
    assert list_runs(tmp_path) == [kept]
    assert list(tmp_path.iterdir()) == [kept.folder]
    housekeeping.delete(run)


@pytest.mark.parametrize("state", [QUEUED, STARTING, RUNNING, PAUSED, TESTING])
def test_a_run_under_way_is_not_deleted(tmp_path, state):
    run = runs.create(TINY, TrainConfig(), tmp_path)
    run.set_status(state)
    with pytest.raises(UserError, match="stop it first"):
        housekeeping.delete(run)
    assert list_runs(tmp_path) == [run]


@pytest.mark.parametrize("age", [90, -90])
def test_a_torn_status_protects_a_run_for_a_minute(run, tmp_path, age):
    status = run.folder / "status.json"
    status.write_text("{")
    with pytest.raises(UserError, match="in a minute"):
        housekeeping.delete(run)
    os.utime(status, (time.time() - age,) * 2)
    housekeeping.delete(run)
    assert list_runs(tmp_path) == []


def test_published_readers_stay_on_offer_and_old_ones_leave_the_list(tmp_path):
    made = [finished_run(tmp_path) for _ in range(NEWEST_OFFERED + 3)]
    oldest, second = made[0], made[1]
    oldest.mark(published=True)
    published, others = offered_readers(rows(tmp_path)[::-1])
    assert [entry.key for entry in published] == [oldest.id]
    assert [entry.key for entry in others] == [run.id for run in made[:-6:-1]]
    for wanted in (second.id, row_of(second).title):
        assert offered_readers(rows(tmp_path)[::-1], [wanted])[1][-1].key == second.id
