"""One digit over the epochs of a training: the numbers, and the maps that show them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn import runs
from mnist_rnn.analysis.epochs import MOST_EPOCHS, EpochReadings, read_with_all, thinned
from mnist_rnn.config import READING_HEADS, ModelConfig, TrainConfig
from mnist_rnn.figures.train.over_epochs import (
    MOST_CELLS,
    MOST_COLUMNS,
    accuracy_over_epochs,
    digit_over_epochs,
    epochs_shown,
)
from mnist_rnn.network import weights
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from tests.networks import EVERY_NETWORK, name, random_tensors

IMAGE = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
MODEL = ModelConfig(units=2)
RECURRENT = [config for config in EVERY_NETWORK if config.head in READING_HEADS]


def readers(config, count=3):
    return [Reader(random_tensors(config, seed), Card(config)) for seed in range(count)]


@pytest.mark.parametrize("config", RECURRENT, ids=name)
def test_readers_read_together_as_they_do_one_by_one(config):
    some = readers(config)
    one_by_one = [reader.read(IMAGE).probabilities for reader in some]
    np.testing.assert_allclose(read_with_all(some, IMAGE), one_by_one, atol=1e-6)


@given(st.integers(1, 2000), st.integers(1, 200))
def test_epochs_are_spread_evenly_from_the_first_to_the_last(count, most):
    epochs = list(range(1, count + 1))
    chosen = thinned(epochs, most)
    assert (chosen[0], chosen[-1]) == (1, count)
    assert len(chosen) <= most + 1
    assert len(set(np.diff(chosen[:-1]))) <= 1
    if count <= most:
        assert chosen == epochs


@given(st.integers(1, 2000))
def test_a_growing_run_needs_no_epoch_that_was_left_out(count):
    before, after = (thinned(range(1, n + 1)) for n in (count, count + 1))
    assert set(after) - {count + 1} <= set(before)


@pytest.fixture
def run(tmp_path):
    made = runs.create(MODEL, TrainConfig(epochs=4), tmp_path)
    for epoch in (1, 2, 3):
        weights.save(made.snapshot(epoch), random_tensors(MODEL, epoch), Card(MODEL))
    return made


def test_readings_of_a_run_are_those_of_its_snapshots_and_grow_with_it(run):
    readings = EpochReadings(run, IMAGE)
    readings.over([1, 2])
    run.snapshot(1).unlink()
    found, probabilities = readings.over([1, 2, 3])
    assert found == [1, 2, 3]
    for epoch in (2, 3):
        expected = Reader.load(run.snapshot(epoch)).read(IMAGE).probabilities
        np.testing.assert_allclose(probabilities[epoch - 1], expected, atol=1e-6)


def test_a_lost_and_a_damaged_snapshot_are_left_out(run):
    run.snapshot(1).unlink()
    run.snapshot(2).write_bytes(b"torn")
    found, probabilities = EpochReadings(run, IMAGE).over([1, 2, 3])
    assert found == [3]
    assert probabilities.shape == (1, 28, 10)


def test_readings_belong_to_one_image_and_one_run(run):
    readings = EpochReadings(run, IMAGE)
    assert readings.are_of(run, IMAGE.copy())
    assert not readings.are_of(run, IMAGE + 1)
    assert not readings.are_of(runs.create(MODEL, TrainConfig(), run.folder.parent), IMAGE)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_epoch_has_a_column_from_the_first_row_at_the_top(theme):
    by_timestep = np.linspace(0, 1, 3 * 28).reshape(3, 28)
    figure = accuracy_over_epochs(by_timestep, 200, theme)
    (heat,) = figure.data
    np.testing.assert_array_equal(heat.z, np.rint(100 * by_timestep.T))
    np.testing.assert_allclose(heat.x, [0.5, 1.5, 2.5, 3.5])
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    assert heat.colorbar.ticksuffix == "%"
    assert "of 200" in figure.layout.xaxis.title.text


def test_many_epochs_share_columns_as_their_means():
    by_timestep = np.repeat(np.arange(1000)[:, None] / 1000, 28, 1)
    (heat,) = accuracy_over_epochs(by_timestep, 1000, "light").data
    assert heat.z.shape == (28, MOST_COLUMNS)
    assert heat.x[1] == 5.5
    assert heat.x[-1] == 1000.5
    assert (heat.z[0, 0], heat.z[0, -1]) == (0, 100)


@pytest.mark.parametrize(("epochs", "timesteps"), [(1, 28), (1000, 28), (999, 224)])
def test_a_map_is_small_enough_to_be_sent_after_every_epoch(epochs, timesteps):
    figure = accuracy_over_epochs(np.full((epochs, timesteps), 0.5), epochs, "dark")
    assert figure.data[0].z.size <= MOST_CELLS
    assert len(figure.to_json()) < 50_000


@pytest.mark.parametrize(
    ("done", "planned", "shown"), [(1, 200, 1), (3, 200, 5), (11, 200, 20), (150, 180, 180)]
)
def test_the_axis_grows_in_leaps_up_to_the_plan(done, planned, shown):
    assert epochs_shown(done, planned) == shown


def test_the_map_of_one_digit_shows_its_probability_and_marks_what_is_chosen():
    probabilities = np.zeros((3, 28, 10))
    probabilities[..., 4] = 0.2
    probabilities[1, 27] = 0
    probabilities[1, 27, 7] = 1
    figure = digit_over_epochs(
        [1, 3, 5], probabilities, digit=7, chosen=(3, 20), planned=5, theme="light"
    )
    (heat,) = figure.data
    assert heat.z[27].tolist() == [0, 100, 0]
    assert heat.customdata[27].tolist() == [4, 7, 4]
    np.testing.assert_allclose(heat.x, [0.5, 2, 4, 5.5])
    frame, line = figure.layout.shapes
    assert frame.x0 < 3 < frame.x1
    assert line.y0 == line.y1 == 20.5
    assert "7" in figure.layout.title.text


def test_a_thousand_epochs_are_thinned_to_what_can_be_told_apart():
    assert len(thinned(range(1, 1001))) <= MOST_EPOCHS + 1
