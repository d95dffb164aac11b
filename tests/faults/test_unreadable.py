"""What can't be read now is no answer: real descriptors run out, and every door stays closed."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict

from mnist_rnn import runs
from mnist_rnn.config import TrainConfig
from mnist_rnn.network.catalog import WIRINGS
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.status import FINISHED, RUNNING
from tests.app_server import PROJECT
from tests.installation import OBEDIENT
from tests.run_folders import TINY, finished_run

# Asks for everything twice: while not a single file more can be opened, and after that.
ASK = """
import json, os, resource, sys
from pathlib import Path
from mnist_rnn.analysis.epochs import EpochReadings
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.pen_digits import load_pens
from mnist_rnn.errors import UserError
from mnist_rnn.runs import access, housekeeping, queue
from mnist_rnn.runs.access import Visitor
from mnist_rnn.runs.ledger import curves_of, row_of, rows
from mnist_rnn.runs.run import Run

root = Path(sys.argv[1])
found = {name: Run(root / run_id) for name, run_id in json.loads(sys.argv[2]).items()}
WHO = {"anna": Visitor("anna"), "ben": Visitor("ben"), "teacher": Visitor("t", teacher=True)}

def answer(ask, *what):
    try:
        return ask(*what)
    except (UserError, OSError) as problem:
        return f"{type(problem).__name__}: {problem}"

def everything():
    seen = {name: row_of(run) for name, run in found.items()}
    by_name = {run: name for name, run in found.items()}
    sorted_out = housekeeping.sorted_out(seen.values())
    return {
        "states": {name: row.status.state for name, row in seen.items()},
        "watch": [n for n, row in seen.items() if access.may_watch(WHO["ben"], row)],
        "change": {w: [n for n, row in seen.items() if access.may_change(who, row)]
                   for w, who in WHO.items()},
        "sorted": [[by_name[row.run] for row in part] for part in sorted_out],
        "pinned": answer(housekeeping.why_not_deleted, seen["pinned"]),
        "room": answer(access.must_have_room, WHO["ben"], 1, seen.values()),
        "list": answer(lambda: len(rows(root))),
        "join": answer(lambda: len(queue.join(WHO["ben"], [(ModelConfig(), TrainConfig())], root))),
        "curve": answer(lambda: len(curves_of(found["pinned"]).epoch)),
        "card": answer(lambda: found["pinned"].card().epochs_done),
        "digits": answer(lambda: len(load_digits("test"))),
        "pens": answer(lambda: len(load_pens("report")) > 0),
        "epochs": answer(lambda: EpochReadings(found["pinned"], digit).over([2])[0]),
    }

digit = load_digits("test").images[0]
everything_imported = answer(row_of, found["hidden"])
resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
held = []
try:
    while True:
        held.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    pass
without = everything()
deleted = {name: answer(housekeeping.delete, run) for name, run in found.items()}
for descriptor in held:
    os.close(descriptor)
print(json.dumps([without, deleted, everything()]))
"""


def test_without_descriptors_nothing_is_answered_and_every_door_is_closed(tmp_path):
    hidden, queued = (runs.create(TINY, TrainConfig(), tmp_path, "anna") for _ in range(2))
    hidden.mark(shared=False)
    hidden.set_status(FINISHED)
    pinned = finished_run(tmp_path)
    pinned.mark(pinned=True)
    shutil.copy(pinned.best, pinned.snapshot(2))
    ids = {"hidden": hidden.id, "queued": queued.id, "pinned": pinned.id}
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path), json.dumps(ids)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    without, deleted, after = json.loads(done.stdout)
    assert set(without["states"].values()) == {"unknown"}
    assert (without["watch"], without["sorted"]) == ([], [[], [], []])
    assert without["change"] == {"anna": [], "ben": [], "teacher": []}
    for name in ("pinned", "room", "list", "join", "curve", "card", "digits", "pens", "epochs"):
        assert "Too many open files" in without[name]
        assert "damaged" not in without[name]
    assert all("Too many open files" in said for said in deleted.values())
    # Nothing of that was kept.
    assert after["states"] == {"hidden": "finished", "queued": "queued", "pinned": "finished"}
    assert after["watch"] == ["queued", "pinned"]
    assert after["change"] == {"anna": ["hidden", "queued"], "ben": [], "teacher": list(ids)}
    assert after["sorted"] == [["queued"], [], ["hidden"]]
    assert "pinned" in after["pinned"]
    assert (after["room"], after["list"], after["join"]) == (None, 3, 1)
    assert (after["curve"], after["card"]) == (2, 2)
    assert (after["digits"], after["pens"], after["epochs"]) == (10_000, True, [2])
    assert asdict(row_of(pinned).label)["pinned"]


def obedient(script, *arguments):
    """What a script prints that keeps to permissions."""
    command = [*OBEDIENT, sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout


def test_a_label_that_may_not_be_read_hides_its_run(tmp_path):
    run = finished_run(tmp_path)
    run.mark(pinned=True)
    (run.folder / "label.json").chmod(0)
    ask = (
        "import sys; from pathlib import Path; from mnist_rnn.runs.ledger import row_of\n"
        "from mnist_rnn.runs.run import Run; print(row_of(Run(Path(sys.argv[1]))).problem)"
    )
    assert obedient(ask, run.folder) == f"Run {run.id} can't be read now: Permission denied.\n"


def test_a_reader_that_could_not_be_read_is_on_offer_once_it_can_be(tmp_path):
    shutil.copy(WIRINGS["many_to_one"].path, tmp_path / "anna.safetensors")
    ask = """
import sys; from pathlib import Path; from mnist_rnn.network.catalog import left_out, shipped
folder = Path(sys.argv[1])
for mode in (0, 0o644):
    (folder / "anna.safetensors").chmod(mode)
    print(len(shipped(folder)), *left_out(folder))
"""
    problem = f"In {tmp_path.name}: anna.safetensors can't be read now: Permission denied."
    assert obedient(ask, tmp_path).splitlines() == [f"0 {problem}", "1"]


def test_a_curve_that_may_not_be_read_leaves_everyone_else_their_places(tmp_path):
    under_way, unreadable, last = (runs.create(TINY, TrainConfig(), tmp_path) for _ in range(3))
    under_way.set_status(RUNNING)
    for run in (under_way, unreadable):
        run.metrics.touch(mode=0)
    ask = """
import sys; from pathlib import Path; from mnist_rnn.runs import queue
for run_id, place in queue.places(Path(sys.argv[1])).items():
    print(run_id, place.ahead, place.starts_in)
"""
    told = [f"{unreadable.id} 1 None", f"{last.id} 2 None"]
    assert obedient(ask, tmp_path).splitlines() == told


def test_new_runs_are_told_even_if_an_old_one_can_not_make_room(tmp_path):
    oldest = [finished_run(tmp_path) for _ in range(2)]
    for run in oldest:
        config = json.loads((run.folder / "config.json").read_text())
        (run.folder / "config.json").write_text(json.dumps(config | {"owner": "anna"}))
        run.folder.chmod(0o555)
    ask = """
import sys; from pathlib import Path
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.runs import access, queue
access.MOST_ENDED = 1
wanted = [(ModelConfig(), TrainConfig())]
print(len(queue.join(access.Visitor("anna"), wanted, Path(sys.argv[1]))))
"""
    assert obedient(ask, tmp_path) == "1\n"
