"""What tells runs apart, the list of them, and their metrics as a table."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.differences import as_table, common_settings, departures, differences
from mnist_rnn.figures.spreadsheets import as_cell, metrics_csv
from mnist_rnn.runs import create, housekeeping
from mnist_rnn.runs.ledger import Results, rows
from mnist_rnn.runs.metrics import Change, Metrics, to_line
from mnist_rnn.runs.status import FINISHED, QUEUED, UNREADABLE
from tests.run_folders import finished_run, settle

models = st.builds(
    ModelConfig,
    backbone=st.sampled_from(["rnn", "cnn_rnn"]),
    head=st.sampled_from(["many_to_one", "many_to_many"]),
    order=st.sampled_from(["map_major", "row_major"]),
    units=st.integers(1, 3),
)
trainings = st.builds(TrainConfig, epochs=st.integers(1, 3), seed=st.integers(0, 1))


def test_only_what_differs_is_named():
    plain, asked_at_every_row = ModelConfig(), ModelConfig(head="many_to_many")
    configs = [(plain, TrainConfig()), (asked_at_every_row, TrainConfig(seed=1))]
    assert differences(configs) == [
        {"head": "many_to_one", "seed": 0},
        {"head": "many_to_many", "seed": 1},
    ]
    assert common_settings(configs)["units"] == 50
    assert not {"head", "seed"} & common_settings(configs).keys()


@given(st.lists(st.tuples(models, trainings), min_size=1, max_size=5))
def test_common_settings_and_differences_make_up_each_config(configs):
    shared, each = common_settings(configs), differences(configs)
    for config, own in zip(configs, each, strict=True):
        assert shared | own == as_table(config)
        assert not shared.keys() & own.keys()
    for name in each[0]:
        assert len({own[name] for own in each}) > 1


def test_settings_that_are_not_the_usual_ones_are_named():
    assert departures((ModelConfig(), TrainConfig())) == {}
    config = ModelConfig(units=9), TrainConfig(learning_rate=0.5)
    assert departures(config) == {"units": 9, "learning_rate": 0.5}


def test_metrics_are_a_table_with_a_line_an_epoch(tmp_path):
    run = finished_run(tmp_path, accuracies=(0.5, 0.75, 0.625))
    text = metrics_csv({"many_to_one": Metrics(run.metrics).refresh()})
    assert text.count("\r\n") == text.count("\n") == 4
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert rows[1] | {"validation_accuracy_after_row_1": "0.1"} == rows[1]
    assert (rows[1]["seconds"], rows[1]["validation_loss"]) == ("20.0", "1.0")
    assert rows[2]["validation_accuracy"] == rows[2]["validation_accuracy_after_row_28"] == "0.625"
    assert {row["head"] for row in rows} == {"many_to_one"}
    assert len(rows[0]) == 8 + 28


def test_two_heads_make_one_table(tmp_path):
    runs = [finished_run(tmp_path, accuracies=accuracies) for accuracies in ((0.5,), (0.7, 0.8))]
    heads = ("many_to_one", "many_to_many")
    text = metrics_csv(
        {head: Metrics(run.metrics).refresh() for head, run in zip(heads, runs, strict=True)}
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["head"], row["validation_accuracy"]) for row in rows] == [
        ("many_to_one", "0.5"),
        ("many_to_many", "0.7"),
        ("many_to_many", "0.8"),
    ]


def test_a_network_of_more_timesteps_has_a_column_for_each(tmp_path):
    run = finished_run(tmp_path, ModelConfig(backbone="cnn_rnn", filters=2, units=2))
    header = metrics_csv({"many_to_one": Metrics(run.metrics).refresh()}).splitlines()[0]
    assert header.endswith(",validation_accuracy_after_timestep_56")


def test_a_run_without_an_epoch_has_a_table_of_headings_alone(tmp_path):
    table = metrics_csv({"many_to_one": Metrics(tmp_path / "missing")})
    assert table.startswith("head,epoch,seconds,")


@pytest.mark.parametrize("sign", list("=+-@＝＋－＠"))
def test_text_that_begins_as_a_formula_is_text_in_a_cell(sign):
    for before in ("", " ", "\t", "\r\n", "\u00a0"):
        cell = as_cell(f"{before}{sign}1+1")
        assert cell.startswith("'")
        assert cell.replace("'", "") == f"{before}{sign}1+1"
    assert as_cell(f"a;{sign}1\n{sign}2") == f"a;'{sign}1\n'{sign}2"
    assert as_cell(f"a {sign} 1, {sign}2") == f"a {sign} 1, {sign}2"


def test_other_values_of_a_cell_stay_as_they_are():
    for value in (-1.5, -3, 0.75, True, None, "", "Anna", "learning rate 1e-05", "1:20"):
        assert as_cell(value) is value
    assert as_cell("\tAnna") == "'\tAnna"


@given(st.text("=+-@;\t\r\n a1"))
def test_no_text_is_a_formula_wherever_a_cell_begins(text):
    assert not re.search(r"(^|[;\t\r\n])\s*[=+\-@]", as_cell(text))
    assert as_cell(text).replace("'", "") == text


def test_the_list_says_what_came_of_each_run(tmp_path):
    done = finished_run(tmp_path, accuracies=(0.5, 0.75, 0.625))
    waiting = create(ModelConfig(), TrainConfig(), tmp_path)
    first, second = rows(tmp_path)
    assert (first.run, second.run) == (done, waiting)
    assert (first.status.state, second.status.state) == (FINISHED, QUEUED)
    assert first.results == Results(3, 30.0, 0.75, steered=False)
    assert (first.card.test_accuracy, second.card) == (0.625, None)
    assert second.results == Results()


def test_the_list_sees_a_change_and_reads_nothing_twice(tmp_path, monkeypatch):
    run, _ = finished_run(tmp_path), finished_run(tmp_path)
    settle(tmp_path)
    before = [(row, row.results, row.card) for row in rows(tmp_path)]
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", None)
        patched.setattr(Path, "open", None)
        assert [(row, row.results, row.card) for row in rows(tmp_path)] == before
    housekeeping.rename(run, "Anna")
    with run.metrics.open("ab") as file:
        file.write(to_line(Change(1, 500, 0.1, None)))
    row = rows(tmp_path)[0]
    assert row.label.name == "Anna"
    assert row.results.steered


def test_damaged_runs_are_in_the_list(tmp_path):
    run = finished_run(tmp_path)
    for name in ("config.json", "status.json", "metrics.jsonl", "best.safetensors"):
        (run.folder / name).write_bytes(b"\xff{")
    (row,) = rows(tmp_path)
    assert row.status is UNREADABLE
    assert (row.config, row.card, row.results) == (None, None, Results())
    (run.folder / "config.json").write_text(json.dumps({"model": {"units": -1}, "train": {}}))
    assert rows(tmp_path)[0].config is None
