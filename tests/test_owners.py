"""Owners: who may change a run, who may watch it, and how many they may have."""

import errno
import hashlib
import os

import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.runs import access, housekeeping, labels, queue
from mnist_rnn.runs.access import Visitor, fingerprint, is_token, may_change, may_watch, new_token
from mnist_rnn.runs.ledger import row_of, rows
from mnist_rnn.runs.status import FINISHED, RUNNING

SMALL = (ModelConfig(units=2), TrainConfig(epochs=1))
ANNA, BEN = Visitor(fingerprint("anna")), Visitor(fingerprint("ben"))
TEACHER, NOBODY = Visitor(fingerprint("teacher"), teacher=True), Visitor("")


@pytest.fixture
def run(tmp_path):
    return queue.join(ANNA, [SMALL], tmp_path)[0]


def test_only_the_owner_and_the_teacher_may_change_a_run(run):
    allowed = {
        name: may_change(who, row_of(run))
        for name, who in {"anna": ANNA, "ben": BEN, "teacher": TEACHER, "nobody": NOBODY}.items()
    }
    assert allowed == {"anna": True, "ben": False, "teacher": True, "nobody": False}
    with pytest.raises(UserError, match="Only the one who started"):
        access.must_change(BEN, row_of(run))


@pytest.mark.parametrize(
    "text", ["{}", "[]", "{", '{"owner": 7}', '{"owner": "é"}', '{"owner": ""}']
)
def test_a_run_without_a_readable_owner_is_the_teachers(run, text):
    (run.folder / "config.json").write_text(text)
    assert [may_change(who, row_of(run)) for who in (ANNA, NOBODY, TEACHER)] == [False, False, True]


def test_a_run_folder_holds_the_hash_of_the_token_and_never_the_token(tmp_path):
    token = new_token()
    (run,) = queue.join(Visitor(fingerprint(token)), [SMALL], tmp_path)
    texts = [path.read_text() for path in run.folder.rglob("*") if path.is_file()]
    assert not any(token in text for text in texts)
    assert hashlib.sha256(token.encode()).hexdigest() in "".join(texts)
    # Who has read the folder can't pass for the owner with what stands there.
    assert not may_change(Visitor(fingerprint(row_of(run).owner)), row_of(run))


def test_tokens_are_long_and_different_and_known_from_other_text():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(map(is_token, tokens))
    for text in ("", "x" * 42, "x" * 44, "é" * 43, "x" * 42 + "\n", "x" * 42 + ".", None, 43):
        assert not is_token(text)


def test_what_is_not_shared_is_hidden_from_others_as_if_it_were_not_there(run, tmp_path):
    assert may_watch(BEN, row_of(run))
    run.mark(shared=False)
    assert not may_watch(BEN, row_of(run))
    seen = [access.to_watch(who, rows(tmp_path)) for who in (ANNA, BEN, TEACHER)]
    assert [[row.run for row in some] for some in seen] == [[run], [], [run]]
    with pytest.raises(UserError) as hidden:
        access.find_to_watch(BEN, run.id, tmp_path)
    with pytest.raises(UserError) as missing:
        access.find_to_watch(BEN, "20200101-000000-000000-00000000", tmp_path)
    assert str(hidden.value) == str(missing.value)


def test_pinned_runs_come_first_and_are_not_deleted(tmp_path):
    created = [runs.create(*SMALL, tmp_path, ANNA.owner) for _ in range(3)]
    created[0].mark(pinned=True)
    seen = access.to_watch(BEN, rows(tmp_path))
    assert [row.run for row in seen] == [created[0], created[2], created[1]]
    for run in created[:2]:
        run.set_status(FINISHED)
    with pytest.raises(UserError, match="pinned"):
        housekeeping.delete(created[0])
    housekeeping.delete(created[1])


def test_a_mark_keeps_the_other_and_damage_means_shared_and_not_pinned(run):
    run.mark(shared=False)
    run.mark(pinned=True)
    assert (row_of(run).label.shared, row_of(run).label.pinned) == (False, True)
    (run.folder / "label.json").write_text('{"shared": "no", "pinned": 1}')
    assert (row_of(run).label.shared, row_of(run).label.pinned) == (True, False)


def test_a_mark_that_the_disk_refuses_is_told(run, monkeypatch):
    def failing(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(labels, "replace_json", failing)
    with pytest.raises(UserError, match="can't be kept"):
        run.mark(pinned=True)


def test_a_student_may_have_an_experiment_of_two_and_no_more(tmp_path):
    first, _ = queue.join(ANNA, [SMALL, SMALL], tmp_path)
    with pytest.raises(UserError, match="2 unfinished runs"):
        queue.join(ANNA, [SMALL], tmp_path)
    queue.join(BEN, [SMALL], tmp_path)
    first.set_status(RUNNING)
    with pytest.raises(UserError):
        queue.join(ANNA, [SMALL], tmp_path)
    first.set_status(FINISHED)
    queue.join(ANNA, [SMALL], tmp_path)
    with pytest.raises(UserError, match="1 unfinished run,"):
        queue.join(BEN, [SMALL, SMALL], tmp_path)
    assert len(runs.list_runs(tmp_path)) == 4


def test_the_teacher_may_have_any_number(tmp_path):
    assert len(queue.join(TEACHER, [SMALL] * 5, tmp_path)) == 5
