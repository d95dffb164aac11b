"""What the stage says of a reading, and how it groups hidden units."""

import numpy as np
import pytest

from mnist_rnn.analysis.memories import mean_memories
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import Digits, load_digits
from mnist_rnn.network.catalog import OPENING, shipped
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import Card
from tests.networks import random_tensors

pytestmark = pytest.mark.browser

SAY = """([once, rows, row, moment]) => {
    const probabilities = Float32Array.from(rows.flat());
    const said = say({ once, timesteps: rows.length, probabilities }, row, moment);
    return [said.digit, Math.round(said.share * 100), said.guess, said.bold + said.plain];
}"""
GROUP = """([kernel, means]) => {
    const { bands, signs } = groupUnits(Float32Array.from(kernel), Float32Array.from(means));
    return [bands, Array.from(signs)];
}"""


def thought(*answers: tuple[int, float], second: int = 9, share: float = 0.0) -> list[list[float]]:
    """28 rows of probabilities, the answers one after another; `second` has a share of its own."""
    rows = []
    for row in range(28):
        digit, most = answers[row * len(answers) // 28]
        others = [other for other in range(10) if other not in (digit, second if share else digit)]
        probabilities = np.zeros(10)
        probabilities[others] = (1 - most - share) / len(others)
        probabilities[second] += share
        probabilities[digit] = most
        rows.append(probabilities.tolist())
    return rows


EIGHT_THEN_FIVE = thought((8, 0.97), (5, 0.97))
LEANS = thought((8, 0.45), second=2, share=0.3)


@pytest.mark.parametrize(
    ("asked", "row", "moment", "expected"),
    [
        ((True, EIGHT_THEN_FIVE), 0, {}, [None, 0, False, "Not asked yet."]),
        ((False, EIGHT_THEN_FIVE), 0, {}, [None, 0, False, "Nothing read yet."]),
        ((True, EIGHT_THEN_FIVE), 27, {}, [None, 0, False, "It answers once, after row 28."]),
        ((True, EIGHT_THEN_FIVE), 0, {"peek": True}, [None, 0, False, "Not asked yet."]),
        (
            (True, EIGHT_THEN_FIVE),
            9,
            {"peek": True},
            [8, 97, True, "If asked now: 8.\nIt was never trained to answer here."],
        ),
        ((False, thought((4, 0.2))), 5, {}, [4, 20, False, "Undecided.\nToo little seen yet."]),
        ((False, LEANS), 5, {}, [8, 45, False, "Leaning to 8.\n2 is possible."]),
        ((False, EIGHT_THEN_FIVE), 14, {}, [8, 97, False, "Sure of 8,\nits answer since row 1."]),
        ((False, EIGHT_THEN_FIVE), 15, {}, [5, 97, False, "Changed its mind:\nnot 8, but 5."]),
        ((False, EIGHT_THEN_FIVE), 17, {}, [5, 97, False, "Changed its mind:\nnot 8, but 5."]),
        ((False, EIGHT_THEN_FIVE), 18, {}, [5, 97, False, "Sure of 5,\nits answer since row 15."]),
        (
            (False, thought((8, 0.8), second=5, share=0.15)),
            9,
            {},
            [8, 80, False, "Says 8 since row 1.\n5 is still possible."],
        ),
        (
            (False, thought((8, 0.9))),
            9,
            {},
            [8, 90, False, "Says 8 since row 1.\nNot certain yet."],
        ),
        ((False, LEANS), 28, {}, [8, 45, False, "Unsure to the end:\n8 or 2."]),
        (
            (False, EIGHT_THEN_FIVE),
            28,
            {"label": 5},
            [5, 97, False, "Settled on 5 at row 15,\nafter saying 8 first. Right."],
        ),
        (
            (False, thought((8, 0.97), (8, 0.97), (5, 0.4), (5, 0.97))),
            28,
            {"label": 5},
            [5, 97, False, "Settled on 5 at row 15,\nafter saying 8 first. Right."],
        ),
        (
            (False, thought((5, 0.97))),
            28,
            {"label": 6},
            [5, 97, False, "Settled on 5 at row 1,\nand kept to it. Wrong: it is a 6."],
        ),
        (
            (True, EIGHT_THEN_FIVE),
            28,
            {},
            [5, 97, False, "Asked once: 5,\nand only now."],
        ),
        ((False, EIGHT_THEN_FIVE), 28, {"drawing": True}, [5, 97, False, "So far."]),
        ((False, EIGHT_THEN_FIVE), 28, {"ink": False}, [None, 0, False, "Nothing to read yet."]),
    ],
)
def test_a_network_says_where_it_stands(stage, asked, row, moment, expected):
    *answer, words = stage.evaluate(SAY, [*asked, row, moment])
    assert answer == expected[:3]
    assert expected[3] in words


def test_a_network_of_224_timesteps_speaks_of_steps(stage):
    rows = [row for row in EIGHT_THEN_FIVE for _ in range(8)]
    assert stage.evaluate(SAY, [False, rows, 16, {}])[3] == "Changed its mind:\nnot 8, but 5."
    assert stage.evaluate(SAY, [False, rows, 18, {}])[3] == "Sure of 5,\nits answer since step 113."


@pytest.mark.parametrize(
    ("network", "row", "expected"),
    [
        ({"timesteps": 28}, 17, (17, "row 17: 28 pixels", "the row")),
        (
            {"timesteps": 28, "filters": 8, "convolves": True},
            17,
            (17, "28 × 8 features of row 17", "the features"),
        ),
        (
            {"timesteps": 224, "filters": 8, "convolves": True, "byMap": True},
            17,
            (136, "map 5, row 24", "the map's row"),
        ),
        (
            {"timesteps": 224, "filters": 8, "convolves": True, "byMap": True},
            28,
            (224, "map 8, row 28", "the map's row"),
        ),
    ],
)
def test_a_step_names_what_the_network_reads_in_it(stage, network, row, expected):
    read = stage.evaluate("([network, row]) => inputOf(network, row)", [network, row])
    assert (read["index"], read["words"], read["from"]) == expected


@pytest.mark.parametrize(
    ("convolve", "expected"),
    [([True], False), ([False, False], False), ([False, True], True), ([True, True], True)],
)
def test_networks_read_apart_where_one_of_several_convolves(stage, convolve, expected):
    networks = [{"convolves": convolves} for convolves in convolve]
    assert stage.evaluate("networks => readApart(networks)", networks) is expected


def test_a_row_is_told_aloud(stage):
    said = stage.evaluate(
        """rows => {
            const probabilities = Float32Array.from(rows.flat());
            const networks = [true, false].map(once => {
                const said = say({ once, timesteps: 28, probabilities }, 9, {});
                return { name: once ? 'Asked once' : 'Every row', said };
            });
            return [aloud(9, networks), percent(0.9949), percent(0.995)];
        }""",
        EIGHT_THEN_FIVE,
    )
    assert said == ["row 9 of 28: Asked once: not asked yet; Every row says 8, 97%", "99%", ">99%"]


def test_units_are_grouped_by_the_digit_that_they_speak_for(stage):
    # Ten units, each high for a digit of its own, and each with a vote for it.
    means = np.vstack([np.eye(10), np.full(10, 0.1)])
    bands, signs = stage.evaluate(GROUP, [np.eye(10).ravel().tolist(), means.ravel().tolist()])
    assert bands == [[digit] for digit in range(10)]
    assert signs == [1] * 10
    # A unit that is low for its digit speaks for it by a weight below 0.
    bands, signs = stage.evaluate(
        GROUP, [(-np.eye(10)).ravel().tolist(), (-means).ravel().tolist()]
    )
    assert bands == [[digit] for digit in range(10)]
    assert signs == [-1] * 10


@pytest.mark.parametrize("units", [1, 7, 10, 23])
def test_every_unit_is_in_one_group_and_no_group_is_much_larger(stage, units):
    random = np.random.default_rng(units)
    kernel, means = random.normal(size=(units, 10)), random.normal(size=(11, units))
    bands, signs = stage.evaluate(GROUP, [kernel.ravel().tolist(), means.ravel().tolist()])
    assert sorted(unit for band in bands for unit in band) == list(range(units))
    assert max(map(len, bands)) <= -(-units // 10)
    assert set(signs) <= {-1, 1}


@pytest.mark.parametrize("key", OPENING)
def test_the_greenest_group_is_the_digits_own(stage, key):
    reader = Reader.load(next(entry.path for entry in shipped() if entry.key == key))
    means = mean_memories(reader, load_digits("validation").first(2000))
    kernel = reader.tensors["head.kernel"]
    bands, signs = stage.evaluate(GROUP, [kernel.ravel().tolist(), means.ravel().tolist()])
    digits = load_digits("test").first(500)
    last = reader.read_batch(digits.images).hidden[:, -1] * np.array(signs)
    columns = np.stack([last[:, band].mean(1) for band in bands], axis=1)
    assert (columns.argmax(1) == digits.labels).mean() >= 0.95


def test_memories_are_means_of_each_class_and_of_all():
    config = ModelConfig(units=3)
    reader = Reader(random_tensors(config), Card(config))
    digits = load_digits("test").first(40)
    some = Digits(digits.images[digits.labels != 4], digits.labels[digits.labels != 4])
    means = mean_memories(reader, some)
    last = reader.read_batch(some.images).hidden[:, -1]
    assert means.shape == (11, 3)
    assert means.dtype == np.float32
    np.testing.assert_allclose(means[7], last[some.labels == 7].mean(0), rtol=1e-5)
    np.testing.assert_allclose(means[10], last.mean(0), rtol=1e-5)
    np.testing.assert_array_equal(means[4], means[10])
