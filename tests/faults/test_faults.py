"""Disks that fill up, files that are torn, clocks that go back: what is said, and what is kept."""

import base64
import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import SHIPPED
from mnist_rnn.network.reader import Reader
from mnist_rnn.runs import supervisor
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.queue import in_turn
from mnist_rnn.runs.status import FAILED, FINISHED, QUEUED, RUNNING, STOPPED
from mnist_rnn.runs.supervisor import Supervisor
from tests.app_server import PROJECT, answers
from tests.installation import OBEDIENT, make_removable, read_only_copy
from tests.pages.test_train import (
    MODEL,
    PAGE,
    TRAIN,
    SilentSupervisor,
    add_epoch,
    button,
    labels,
    run_with_a_curve,
    said,
    save_best,
)
from tests.run_folders import finished_run
from tests.waiting import wait_for
from ui.notice import plainly
from ui.page import HAS_MENU

DRAW_PAGE = str(PROJECT / "pages" / "draw.py")
RUNS_PAGE = str(PROJECT / "pages" / "runs.py")
FULL = "The training could not write its results: the disk is full."


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The Train page, where nothing is trained."""
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    monkeypatch.setattr("ui.stored.Supervisor", SilentSupervisor)
    return opened(PAGE)


def opened(script):
    page = AppTest.from_file(script, default_timeout=60)
    page.session_state[HAS_MENU] = True
    return page


def train_on_a_full_disk(run, most_bytes):
    command = [sys.executable, "-m", "tests.faults.full_disk", str(run.folder), str(most_bytes)]
    subprocess.run(command, cwd=PROJECT, check=True)


def test_a_disk_full_of_metrics_keeps_the_last_epoch_and_lets_the_run_go_on(page):
    run = runs.create(ModelConfig(units=2), TrainConfig(epochs=50))
    train_on_a_full_disk(run, 5_000)
    last = Metrics(run.metrics).refresh().epochs[-1].epoch
    page.run()
    assert [error.value for error in page.error] == [
        f"{FULL} Its best network so far, of epoch {run.card().epochs_done}, was kept."
    ]
    assert last > 1
    assert {"See it read", f"Go on after epoch {last}"} <= set(labels(page))
    button(page, f"Go on after epoch {last}").click().run()
    assert not page.exception
    assert run.status().state == QUEUED
    assert "next" in said(page)


def test_a_disk_full_of_snapshots_says_that_there_is_no_reader(page):
    run = runs.create(ModelConfig(units=50), TrainConfig(epochs=50))
    train_on_a_full_disk(run, 5_000)
    page.run()
    assert [error.value for error in page.error] == [
        f"{FULL} It had not finished an epoch, so there is no network."
    ]
    assert "Start it again" in labels(page)
    assert list((run.folder / "epochs").iterdir()) == []


def test_a_disk_that_fills_up_at_the_very_end_leaves_a_tested_reader(page):
    run = runs.create(ModelConfig(units=2), TrainConfig(epochs=2))
    train_on_a_full_disk(run, 5_000)
    page.run()
    assert page.error[0].value.startswith(FULL)
    assert page.metric[0].label == "Test accuracy"


def test_a_disk_without_room_for_another_run_says_where_to_make_some(page, monkeypatch):
    page.run()
    monkeypatch.setattr(Path, "mkdir", no_room)
    button(page, "Start").click().run()
    assert not page.exception
    assert ["No space left on device. Make room there" in error.value for error in page.error] == [
        True
    ]
    assert runs.list_runs() == []


def no_room(*_, **__):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("status.json", "The status of this run is missing or damaged."),
        ("best.safetensors", "The file of this run's network is damaged, so it can't be used."),
    ],
)
@pytest.mark.parametrize("damage", ["lost", "torn"])
def test_what_is_damaged_under_a_page_is_told_in_one_sentence(page, name, sentence, damage):
    run = run_with_a_curve()
    save_best(run)
    run.set_status(FINISHED if name == "best.safetensors" else RUNNING)
    page.run()
    assert len(page.get("plotly_chart")) == 3
    file = run.folder / name
    if damage == "torn":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        file.unlink()
    page.run()
    assert not page.exception
    if (name, damage) != ("best.safetensors", "lost"):
        assert sentence in said(page)
    assert ("See it read" in labels(page)) == (name == "status.json")
    assert "Start" in labels(page)


def points(page):
    """How many points the accuracy chart has of training, smoothed, and of validation."""
    drawn = json.loads(page.get("plotly_chart")[0].proto.spec)["data"]
    packed = [curve["x"] for curve in drawn]
    return [len(base64.b64decode(x["bdata"])) // np.dtype(x["dtype"]).itemsize for x in packed][1:3]


def test_a_torn_line_is_drawn_when_it_is_whole(page):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    whole = run.metrics.read_bytes()
    add_epoch(run, 3)
    more = run.metrics.read_bytes()
    run.metrics.write_bytes(more[: len(whole) + 40])
    page.run()
    assert not page.exception
    assert points(page) == [4, 2]
    run.metrics.write_bytes(more)
    page.run()
    assert points(page) == [6, 3]


@pytest.fixture
def clock(monkeypatch):
    """The computer's clock, which a test may set."""

    class Clock:
        now = time.time()

        def __call__(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


def test_a_clock_set_back_makes_no_run_older_than_the_one_before(page, clock):
    before = [runs.create(MODEL, TRAIN) for _ in range(2)]
    clock.now -= 24 * 3600
    after = [runs.create(MODEL, TRAIN) for _ in range(2)]
    assert runs.list_runs() == before + after
    assert [row.run for row in in_turn(map(row_of, (*after, *before)))] == before + after
    page.run()
    assert page.selectbox(key="run").value == after[-1].id
    assert [run.id[:15] for run in after] == [before[-1].id[:15]] * 2


def test_a_run_called_by_no_date_does_not_stop_the_next_one(tmp_path):
    (tmp_path / "99999999-999999-999999-00000000").mkdir()
    (tmp_path / "99991231-235959-999999-00000000").mkdir()
    run = runs.create(MODEL, TRAIN, tmp_path)
    assert run in runs.list_runs(tmp_path)


def test_a_worker_whose_clock_goes_back_is_alive_until_it_is_silent(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(supervisor, "SILENCE_SECONDS", 0.5)
    run = runs.create(MODEL, TRAIN, tmp_path)
    clock.now -= 3600
    monkeypatch.setattr("mnist_rnn.runs.workers.process_exists", lambda pid: True)
    run.set_status(RUNNING, pid=1)
    service = Supervisor(tmp_path)
    for _ in range(15):
        clock.now -= 60
        run.set_status(RUNNING, pid=1)
        time.sleep(0.1)
        assert run.status().state == RUNNING
    wait_for(lambda: run.status().state == FAILED, "the silence is noticed")
    assert "silent" in run.status().message
    service.close()


def test_a_runs_folder_that_cannot_be_listed_is_not_an_empty_one(page, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path / "file"))
    for script in (PAGE, DRAW_PAGE, RUNS_PAGE):
        page = opened(script).run()
        assert not page.exception
        assert "can't be listed: Not a directory" in said(page)
        assert "No runs yet" not in said(page)


def every_100th(data):
    return (data[:length] for length in range(0, len(data), 100))


def test_weights_cut_off_anywhere_are_refused_in_one_sentence(tmp_path):
    data = (SHIPPED / "rnn-many_to_one-classroom.safetensors").read_bytes()
    path = tmp_path / "cut.safetensors"
    for torn in every_100th(data):
        path.write_bytes(torn)
        with pytest.raises(UserError) as refused:
            Reader.load(path)
        assert str(refused.value) == "cut.safetensors is damaged or is not a safetensors file."


def test_a_reader_cut_off_anywhere_is_named_on_the_draw_page_and_the_others_read(page):
    run = finished_run(accuracies=(0.5,))
    data, title = run.best.read_bytes(), row_of(run).title
    draw = opened(DRAW_PAGE)
    draw.session_state["readers"] = [run.id, "rnn-many_to_one-2016"]
    for torn in [*every_100th(data)][::4]:
        run.best.write_bytes(torn)
        draw.run()
        assert not draw.exception
        assert [warning.value for warning in draw.warning] == [
            plainly(f"{title}: best.safetensors is damaged or is not a safetensors file.")
        ]
        names = [element.proto.component_name for element in draw.get("bidi_component")]
        assert names.count("reading_weights") == 1
        assert names.count("reading_stage") == 1
    run.best.write_bytes(data)
    draw.run()
    assert list(draw.warning) == []


HAMMER = """
import sys
import time
from pathlib import Path
from mnist_rnn.runs.run import Run
for folder in sys.argv[1:]:
    run = Run(Path(folder))
    for _ in range(300):
        run.steer(state="paused")
        run.steer(state="running", epochs=7)
        if run.control().state == "stopped":
            break
        time.sleep(0.001)
"""


def test_stop_is_never_lost_among_those_who_pause_and_resume(tmp_path):
    pressed = [runs.create(MODEL, TRAIN, tmp_path) for _ in range(12)]
    command = [sys.executable, "-c", HAMMER, *(str(run.folder) for run in pressed)]
    others = [subprocess.Popen(command, cwd=PROJECT) for _ in range(3)]
    for run in pressed:
        wait_for(lambda run=run: run.control().epochs, "somebody steers this run")
        run.steer(state=STOPPED)
    assert [other.wait() for other in others] == [0, 0, 0]
    assert [run.control().state for run in pressed] == [STOPPED] * len(pressed)


def serve(*options):
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    return subprocess.Popen(
        [*command, "--server.address=127.0.0.1", *options],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_port_that_was_asked_for_and_is_taken_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        app = serve(f"--server.port={port}")
        said, _ = app.communicate(timeout=120)
    assert f"Port {port} is not available" in said
    assert "Traceback" not in said
    assert app.returncode == 1


def test_a_runs_folder_whose_name_is_not_utf_8_is_told_at_the_start(monkeypatch, tmp_path):
    place = Path(os.fsdecode(bytes(tmp_path) + b"/r\xe9sum\xe9"))
    runs.create(MODEL, TRAIN, place)
    monkeypatch.setenv("MNIST_RNN_RUNS", str(place))
    app = serve("--server.port=0")
    said, _ = app.communicate(timeout=120)
    assert f"Trainings can't be kept in {tmp_path}/r\\xe9sum\\xe9: its name is not UTF-8." in said
    assert "Traceback" not in said
    assert app.returncode == 1


def test_without_a_wish_the_app_takes_the_next_free_port_and_says_which(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    try:
        usual = socket.create_server(("127.0.0.1", 8501))
    except OSError:
        usual = None  # Somebody has taken it already.
    app = serve()
    try:
        addresses = (re.search(r"URL: (http://127\.0\.0\.1:(\d+))", line) for line in app.stdout)
        url, port = next(filter(None, addresses)).groups()
        assert int(port) != 8501
        wait_for(lambda: answers(f"{url}/_stcore/health"), "the app answers")
    finally:
        app.terminate()
        app.communicate()
        if usual:
            usual.close()


VISIT = """
import json
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("app.py", default_timeout=120).run()
stages = [e for e in page.get("bidi_component") if e.proto.component_name == "reading_stage"]
told = [[len(page.exception), len(page.error), len(stages)]]
page.switch_page("pages/train.py").run()
told.append([len(page.exception), *(error.value for error in page.error)])
next(button for button in page.button if button.label == "Start").click().run()
told.append([len(page.exception), *(error.value for error in page.error)])
print(json.dumps(told))
"""


def test_an_installation_that_cannot_be_written_draws_and_says_where_runs_could_go(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("MNIST_RNN_RUNS", raising=False)
    place = read_only_copy(tmp_path / "app")
    visit = [*OBEDIENT, sys.executable, "-c", VISIT]
    done = subprocess.run(visit, cwd=place, capture_output=True, text=True, check=True)
    draw, *train = json.loads(done.stdout.splitlines()[-1])
    sentence = (
        f"Trainings can't be kept in {place / 'runs'}: Permission denied. Make room there, or name "
        "another folder in MNIST_RNN_RUNS."
    )
    assert draw == [0, 0, 1]
    assert train == [[0, sentence], [0, sentence]]
    make_removable(place)
