"""Owners: who may change a run, who may watch it, and how many they may have."""

import errno
import hashlib
import os
import subprocess
import sys
from collections import Counter

import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.runs import access, housekeeping, labels, queue
from mnist_rnn.runs.access import Visitor, fingerprint, is_token, may_change, may_watch, new_token
from mnist_rnn.runs.labels import Label
from mnist_rnn.runs.ledger import row_of, rows
from mnist_rnn.runs.status import FINISHED, RUNNING
from tests.app_server import PROJECT
from tests.run_folders import list_runs
from tests.waiting import wait_for

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


def test_marks_of_older_versions_are_read_until_there_is_a_label_that_says_it(run):
    (run.folder / "marks.json").write_text('{"shared": false, "pinned": true}')
    assert not may_watch(BEN, row_of(run))
    run.mark(name="Mine")
    (run.folder / "marks.json").unlink()
    assert row_of(run).label == Label("Mine", shared=False, pinned=True)


MARK = """
import sys
from collections import Counter
from pathlib import Path
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.run import Run
run, field = Run(Path(sys.argv[1])), sys.argv[2]
for number in range(100):
    run.mark(**{field: str(number)})
    assert getattr(row_of(run).label, field) == str(number)
"""


def test_two_who_write_a_label_at_once_lose_nothing_of_each_other(run):
    command = [sys.executable, "-c", MARK, str(run.folder)]
    writers = [subprocess.Popen([*command, field], cwd=PROJECT) for field in ("name", "note")]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert row_of(run).label == Label("99", "99")


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
    assert len(list_runs(tmp_path)) == 4


def test_of_two_runs_of_which_one_cannot_be_made_none_is(tmp_path):
    too_large = ModelConfig(backbone="cnn_rnn", cell="lstm", units=512, filters=32)
    with pytest.raises(UserError, match="GB of memory"):
        queue.join(ANNA, [SMALL, (too_large, TrainConfig(batch_size=5000))], tmp_path)
    assert list_runs(tmp_path) == []


JOIN = """
import sys, time
from pathlib import Path
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.runs import queue
from mnist_rnn.runs.access import Visitor
root = Path(sys.argv[1])
(root / f"ready-{sys.argv[2]}").touch()
while not (root / "go").exists():
    time.sleep(0.001)
for number in range(10):
    try:
        queue.join(Visitor(f"{number}"), [(ModelConfig(units=2), TrainConfig(epochs=1))] * 2, root)
    except UserError:
        pass
"""


def test_two_apps_do_not_let_one_student_start_more_than_one_app_would(tmp_path):
    command = [sys.executable, "-c", JOIN, str(tmp_path)]
    apps = [subprocess.Popen([*command, str(number)], cwd=PROJECT) for number in range(3)]
    wait_for(lambda: len(list(tmp_path.glob("ready-*"))) == 3, "all apps are ready")
    (tmp_path / "go").touch()
    assert [app.wait() for app in apps] == [0, 0, 0]
    assert Counter(row.owner for row in rows(tmp_path)) == {str(number): 2 for number in range(10)}


def test_a_students_oldest_runs_make_room_but_for_pinned_and_published_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(access, "MOST_ENDED", 3)
    ended = [runs.create(*SMALL, tmp_path, who.owner) for who in (BEN, *[ANNA] * 5)]
    for run in ended:
        run.set_status(FINISHED)
    others, pinned, published, *rest = ended
    pinned.mark(pinned=True)
    published.mark(published=True)
    (fresh,) = queue.join(ANNA, [SMALL], tmp_path)
    assert list_runs(tmp_path) == [others, pinned, published, rest[-1], fresh]
    queue.join(TEACHER, [SMALL], tmp_path)
    assert len(list_runs(tmp_path)) == 6


def test_the_teacher_may_have_any_number(tmp_path):
    assert len(queue.join(TEACHER, [SMALL] * 5, tmp_path)) == 5
