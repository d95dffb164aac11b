"""Whatever comes in by any door: one sentence at most, never a crash.

More than 10,000 cases; `python -m tests.doors` throws as many as you like.
"""

import json
import sys
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.strokes import strokes_from_canvas
from mnist_rnn.errors import UserError
from mnist_rnn.network import weights
from tests.doors import strategies as doors
from tests.doors.entrances import DOORS, address, command, words_of_a_label
from tests.doors.fuzzer import Fallen, run_folder, throw
from tests.pages import in_process
from tests.pages.train_page import SilentSupervisor

CASES = 1000
STRUCTURED = 100

pytestmark = pytest.mark.filterwarnings("ignore")
structured = settings(
    max_examples=STRUCTURED,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("door", DOORS)
def test_no_damaged_file_gets_through(door, tmp_path):
    assert CASES * len(DOORS) >= 10_000
    refused = throw(door, CASES, run_folder(tmp_path))
    assert refused < CASES, "nothing that was let in was tested"


@structured
@given(doors.parameters)
def test_no_address_gets_through(tmp_path, parameters):
    with suppress(UserError):
        address(urlencode(parameters, errors="replace"), tmp_path)


@structured
@given(doors.configs)
def test_no_configuration_gets_through(config):
    for table in (ModelConfig, TrainConfig):
        with suppress(UserError):
            known = table.from_dict(config)
            assert table.from_dict(json.loads(json.dumps(known.to_dict()))) == known


@structured
@given(doors.canvases)
def test_no_drawing_gets_through(drawing):
    with suppress(UserError):
        assert drawing_to_image(strokes_from_canvas(drawing)).shape == (28, 28)


@structured
@given(doors.bytes_of_json)
def test_no_header_of_weights_gets_through(header):
    with pytest.raises(UserError):
        weights.parse(len(header).to_bytes(8, "little") + header, "upload")


@structured
@given(doors.texts)
def test_no_name_or_note_gets_through(text):
    words_of_a_label(text)


@structured
@given(doors.arguments)
@example(["evaluate", "--backbone", "0", "--backbone", "\r0"])
def test_the_command_line_ends_with_0_or_with_2_and_one_line(tmp_path, arguments):
    loaded = "tensorflow" in sys.modules  # by another test, perhaps
    monkey = pytest.MonkeyPatch()
    with monkey.context() as here:
        here.chdir(tmp_path)
        status, errors = command(arguments)
    assert status in (0, 2)
    assert errors.count("\n") == (status == 2)
    assert "Traceback" not in errors
    assert ("tensorflow" in sys.modules) == loaded


def page(name, tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    monkeypatch.setattr("ui.stored.Supervisor", SilentSupervisor)
    return in_process.opened(name)


@pytest.mark.parametrize("name", ["draw", "train", "runs"])
def test_no_address_breaks_a_page(name, tmp_path, monkeypatch):
    run_folder(tmp_path)

    @settings(structured, max_examples=6)
    @given(doors.parameters)
    def open_it(parameters):
        opened = page(name, tmp_path, monkeypatch)
        for parameter, value in parameters.items():
            opened.query_params[parameter] = value
        opened.run()
        assert not opened.exception, parameters

    open_it()


@pytest.mark.parametrize("name", ["train", "runs"])
def test_no_damaged_run_breaks_a_page(name, tmp_path, monkeypatch):
    folder = run_folder(tmp_path)
    for file in ("metrics.jsonl", "config.json", "status.json", "control.json"):
        whole = (folder / file).read_bytes()
        for seed in range(3):
            with suppress(UserError):
                throw(file, 1, folder, seed)
            opened = page(name, tmp_path, monkeypatch).run()
            assert not opened.exception, (folder / file).read_bytes()
        (folder / file).write_bytes(whole)


def test_a_door_that_falls_is_told(monkeypatch, tmp_path):
    """The fuzzer itself: without it, a test of nothing would pass."""
    monkeypatch.setattr("tests.doors.entrances.photo_from_file", lambda data: data.decode())
    with pytest.raises(Fallen):
        throw("picture", 5, run_folder(tmp_path))
