"""Settings in words: what runs have in common, and what tells them apart."""

from mnist_rnn.runs import housekeeping
from mnist_rnn.runs.ledger import row_of, rows
from tests.run_folders import finished_run
from ui.settings import in_common, names_apart


def test_runs_with_equal_settings_are_told_apart_by_name(tmp_path):
    first, second, other = (finished_run(tmp_path) for _ in range(3))
    housekeeping.rename(first, "Anna")
    names = names_apart([row_of(first), row_of(second)])
    assert names == [row_of(first).title, row_of(second).title]
    (other.folder / "config.json").unlink()
    (damaged,) = names_apart([row_of(other)])
    assert damaged.startswith("Damaged run")


def test_damaged_runs_have_nothing_in_common(tmp_path):
    (finished_run(tmp_path).folder / "config.json").unlink()
    assert in_common(rows(tmp_path)) == ""
