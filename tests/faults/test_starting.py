"""The app starts, or says in one sentence why not, or what it can't do."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from mnist_rnn import runs
from tests.app_server import PROJECT, answers
from tests.installation import OBEDIENT, make_removable, read_only_copy
from tests.pages.train_page import MODEL, TRAIN
from tests.waiting import wait_for


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
