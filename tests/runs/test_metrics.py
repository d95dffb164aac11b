"""The metrics of a run: written and read line by line, and drawn as curves."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_rnn.figures.train.axes import Axis
from mnist_rnn.figures.train.curves import accuracy_figure, loss_figure
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.runs.metrics import Metrics, to_line
from tests.run_folders import TINY, finished_run

CHUNK = ChunkDone(1, 500, 1000, 0.5, 2.0, 0.25)
EPOCH = EpochDone(1, 1.0, 0.001, 1.5, 0.4, 1.25, (0.1, 0.5), {})


def test_metrics_come_back_as_they_were_written(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(to_line(CHUNK) + to_line(EPOCH))
    metrics = Metrics(path).refresh()
    assert metrics.chunks == [CHUNK]
    assert metrics.epochs == [EPOCH]
    curves = metrics.curves()
    assert curves.chunk_epoch.tolist() == [0.5]
    assert curves.validation_accuracy.tolist() == [0.5]


def test_torn_line_is_ignored_until_it_is_whole(tmp_path):
    path = tmp_path / "metrics.jsonl"
    line = to_line(CHUNK)
    path.write_bytes(line + line[:20])
    metrics = Metrics(path)
    assert len(metrics.refresh().chunks) == 1
    with path.open("ab") as file:
        file.write(line[20:])
    assert len(metrics.refresh().chunks) == 2
    assert len(metrics.refresh().chunks) == 2


@pytest.mark.parametrize(
    "damaged",
    [
        b"\xff\x00\n",
        b"[1, 2]\n",
        b"{}\n",
        b'{"kind": "chunk"}\n',
        to_line(replace(CHUNK, loss=float("nan"))),
        to_line(replace(CHUNK, images_in_epoch=0)),
        to_line(replace(EPOCH, validation_accuracy_by_timestep=(0.5,) * 3)),
        to_line(replace(EPOCH, validation_accuracy_by_timestep=())),
        b"[" * 100_000 + b"\n",
    ],
)
def test_damaged_line_does_not_break_the_curve(tmp_path, damaged):
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(to_line(EPOCH) + damaged + to_line(EPOCH))
    metrics = Metrics(path).refresh()
    assert (metrics.chunks, metrics.epochs) == ([], [EPOCH, EPOCH])
    assert metrics.curves().validation_accuracy.tolist() == [0.5, 0.5]


def test_a_run_without_metrics_has_empty_curves(tmp_path):
    metrics = Metrics(tmp_path / "none").refresh()
    assert metrics.curves().chunk_epoch.size == 0
    assert metrics.progress(5).fraction == 0


def test_progress_tells_speed_and_time_left():
    chunks = [ChunkDone(1, 100 * n, 1000, n / 10, 1.0, 0.5) for n in range(1, 6)]
    progress = Metrics(Path(), chunks=chunks).progress(epochs=2)
    assert progress.fraction == 0.25
    assert progress.images_per_second == pytest.approx(1000)
    assert progress.seconds_left == pytest.approx(1.5)


def test_a_change_of_course_is_noted(tmp_path):
    path = tmp_path / "metrics.jsonl"
    values = {"kind": "change", "epoch": 2, "images": 0, "learning_rate": 0.1, "epochs": None}
    damaged = values | {"epoch": "soon"}
    path.write_bytes(to_line(CHUNK) + f"{json.dumps(values)}\n{json.dumps(damaged)}\n".encode())
    metrics = Metrics(path).refresh()
    (change,) = metrics.changes
    assert (change.epoch, change.learning_rate) == (2, 0.1)
    for figure in (loss_figure, accuracy_figure):
        drawn = figure({"many_to_one": metrics.curves()}, Axis("epoch", 3), "light")
        (line,) = drawn.layout.shapes
        assert (line.x0, line.x1) == (1, 1)


def test_the_mean_of_all_rows_is_drawn_beside_the_last_row(tmp_path):
    run = finished_run(tmp_path, replace(TINY, head="many_to_many"), accuracies=(0.4, 0.8))
    curves = Metrics(run.metrics).refresh().curves()
    # By row from 0.1 to the accuracy of the last, in equal steps.
    np.testing.assert_allclose(curves.validation_accuracy_of_all, [0.25, 0.45])
    axis = Axis("epoch", 2)
    *_, mean = accuracy_figure({"many_to_many": curves}, axis, "light").data
    assert mean.name == "mean of all rows"
    np.testing.assert_allclose(mean.y, [0.25, 0.45])
    once = accuracy_figure({"many_to_one": curves}, axis, "light").data
    assert "mean of all rows" not in [line.name for line in once]
