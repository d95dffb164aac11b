"""The app and the command line with a Python that has no TensorFlow, as on some computers."""

import re
import subprocess
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from PIL import Image
from playwright.sync_api import Page, expect

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.catalog import SHIPPED
from mnist_rnn.runs import Run
from mnist_rnn.runs.status import FAILED, QUEUED, STOPPED
from tests.app_server import PROJECT, AppServer, serving
from tests.run_folders import finished_run
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own with the packages of this one, but for TensorFlow and Keras."""
    home = tmp_path_factory.mktemp("python")
    venv.create(home, symlinks=True)
    (packages,) = home.glob("lib/python*/site-packages")
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if not package.name.startswith(("tensorflow", "keras")):
            (packages / package.name).symlink_to(package)
    return home / "bin" / "python"


@pytest.fixture(scope="module")
def server(python: Path, app_runs: Path) -> Iterator[AppServer]:
    with serving(app_runs, python=python) as server:
        yield server


@pytest.fixture(scope="module")
def kept(app_runs: Path) -> dict[str, Run]:
    """A run that waits, one that failed and one that has ended, of an app that could train."""
    queued, failed = (runs.create(ModelConfig(), TrainConfig(), app_runs) for _ in range(2))
    finished = finished_run(app_runs)
    failed.set_status(FAILED, "The training was interrupted: its process is gone.")
    return {"finished": finished, "failed": failed, "queued": queued}


@pytest.fixture
def page(browser_page: Page) -> Iterator[Page]:
    """A tab that must never show an exception."""
    yield browser_page
    expect(browser_page.locator(".stException")).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "chart"),
    [
        ("?view=Which+pixels+mattered%3F", "figure"),
        ("wirings", "running"),
        ("mistakes", "matrix"),
        ("runs", "overlay"),
        ("train?run={finished}", "curve-accuracy"),
    ],
)
def test_what_needs_no_training_is_all_there(page, server, kept, address, chart):
    page.goto(f"{server.url}/{address.format(finished=kept['finished'].id)}")
    expect(page.locator(f".st-key-{chart} .js-plotly-plot")).to_be_visible()


def test_the_mistakes_in_keras_are_told_without_keras(page, server):
    page.goto(f"{server.url}/wirings?wiring=many_to_one")
    page.get_by_text("Mistake: ").first.click()
    expect(page.get_by_text("With Keras 3.")).to_be_visible()


def test_train_says_why_nothing_can_be_started(page, server, kept, app_runs):
    page.goto(f"{server.url}/train?run={kept['failed'].id}")
    expect(page.get_by_text("Nothing can be trained here")).to_be_visible()
    for name in ("Start", "Compare both", "Start it again"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    assert not (app_runs / "worker.log").exists()


def test_a_run_in_the_queue_waits_for_better_days_or_is_called_off(page, server, kept):
    queued = kept["queued"]
    page.goto(f"{server.url}/train?run={queued.id}")
    expect(page.get_by_text("waits until the app runs where")).to_be_visible()
    assert queued.status().state == QUEUED
    page.get_by_role("button", name="Leave the queue").click()
    wait_for(lambda: queued.status().state == STOPPED, "it is called off")


def test_the_command_train_says_so_in_one_sentence_and_the_others_work(python, tmp_path):
    def run(*arguments):
        command = [python, "-m", "mnist_rnn", *arguments]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    out = tmp_path / "mine.safetensors"
    done = run("train", "--out", str(out))
    assert (done.returncode, done.stdout, out.exists()) == (2, "", False)
    assert re.fullmatch(r"This Python has no TensorFlow, .+\.\n", done.stderr)
    image = tmp_path / "digit.png"
    Image.fromarray(load_digits("test").images[0]).save(image)
    reader = SHIPPED / "rnn-many_to_one-2016.safetensors"
    assert run("read", str(image), "--weights", str(reader)).returncode == 0


@pytest.mark.parametrize(
    ("python_version", "system", "machine", "package"),
    [
        ("3.11", "linux", "x86_64", "tensorflow-cpu"),
        ("3.13", "linux", "x86_64", "tensorflow-cpu"),
        ("3.13", "linux", "aarch64", "tensorflow"),
        ("3.13", "darwin", "arm64", "tensorflow"),
        ("3.13", "win32", "AMD64", "tensorflow"),
        ("3.13", "darwin", "x86_64", None),
        ("3.13", "win32", "ARM64", None),
        ("3.14", "linux", "x86_64", None),
        ("3.14", "darwin", "arm64", None),
    ],
)
def test_tensorflow_is_required_where_there_is_one(python_version, system, machine, package):
    place = {"python_version": python_version, "sys_platform": system, "platform_machine": machine}
    lines = (PROJECT / "requirements.txt").read_text().splitlines()
    required = [Requirement(line) for line in lines if not line.startswith("#")]
    named = {r.name for r in required if not r.marker or r.marker.evaluate(place)}
    tensorflow = {package, "keras"} if package else set()
    assert named & {"tensorflow", "tensorflow-cpu", "keras"} == tensorflow
