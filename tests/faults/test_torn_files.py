"""Files that are torn, lost or cut off, and a folder that is none: each is told in one sentence."""

import base64
import json

import numpy as np
import pytest

from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import SHIPPED
from mnist_rnn.network.reader import Reader
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.status import FINISHED, RUNNING
from tests.pages.in_process import opened
from tests.pages.train_page import add_epoch, labels, run_with_a_curve, said, save_best
from tests.run_folders import finished_run
from ui.notice import plainly


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


def test_a_runs_folder_that_cannot_be_listed_is_not_an_empty_one(page, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path / "file"))
    for script in ("train", "draw", "runs"):
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
    draw = opened("draw")
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
