"""The view of when a reader knows: its figure, and on the page."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn.analysis.commitment import Commitment, Tradeoff, commit, committing
from mnist_rnn.config import ModelConfig
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.evaluation.accuracy import evaluate
from mnist_rnn.figures.draw.verdicts import ReaderTiming
from mnist_rnn.figures.draw.when import when_figure
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.panels import Reading
from mnist_rnn.network.catalog import shipped
from mnist_rnn.network.reader import Reader, Trace, softmax
from tests.pages.in_process import figure_of


def known(commitment: Commitment, mean_steps: float, title: str = "a reader", **config: str):
    """What is known of a reader with random probabilities."""
    model = ModelConfig(units=6, **config)
    logits = np.random.default_rng(3).normal(size=(model.timesteps, 10))
    trace = Trace(np.zeros((model.timesteps, 28)), logits, logits, softmax(logits))
    by_timestep = np.linspace(0.1, 0.962, model.timesteps)
    tradeoff = Tradeoff(0.941, mean_steps)
    return ReaderTiming(
        Reading(title, model, trace, np.arange(6)), commitment, by_timestep, tradeoff
    )


ROWS = known(Commitment(5, 10, 28, True), 11.9, head="many_to_many")
STEPS = known(Commitment(3, 56, 224, True), 112.0, backbone="cnn_rnn", head="many_to_many")
UNSURE = known(Commitment(8, 28, 28, False), 27.5)


def texts(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_the_verdict_gives_the_answer_the_rows_saved_and_the_cost():
    assert texts(when_figure([ROWS], 0.9, "test digits", 10_000))[3:] == [
        "<b>a reader</b>",
        "<b>5</b> after row 10",
        "saves <b>18</b> of 28 rows",
        "<b>94.1%</b> right this early",
        "<b>96.2%</b> right after all rows",
        "test digits, early: 11.9 rows on average",
    ]


def test_a_reader_that_was_never_sure_saves_nothing():
    assert "never that sure: it reads all 28 rows" in texts(when_figure([UNSURE], 0.9, "tests", 9))


def test_an_answer_of_a_head_that_was_never_trained_there_is_marked():
    early = known(Commitment(8, 6, 28, True), 6.4)
    at_the_end = known(Commitment(8, 28, 28, True), 6.4)
    assert "saves <b>22</b> of 28 rows; never trained to answer there" in texts(
        when_figure([early], 0.9, "tests", 9)
    )
    assert "saves <b>0</b> of 28 rows" in texts(when_figure([at_the_end], 0.9, "tests", 9))


def test_timesteps_that_are_no_rows_are_stretched_over_the_rows():
    figure = when_figure([STEPS], 0.9, "tests", 9)
    sure, right, diamond, on_sure, on_right = figure.data
    assert (sure.x[0], sure.x[-1]) == (0.125, 28)
    assert on_sure.x == on_right.x == (7,)
    assert diamond.x == (14,)
    assert "<b>3</b> after step 56" in texts(figure)
    np.testing.assert_allclose(right.y, STEPS.by_timestep, rtol=1e-6)


def test_the_commitment_is_marked_on_both_curves():
    figure = when_figure([ROWS], 0.9, "tests", 9)
    _, _, diamond, on_sure, on_right = figure.data
    assert on_sure.y[0] == pytest.approx(ROWS.reading.trace.probabilities[9].max())
    assert on_right.y[0] == pytest.approx(ROWS.by_timestep[9])
    assert (diamond.x[0], diamond.y[0]) == (11.9, 0.941)
    assert on_sure.text == on_right.text == "<b>5</b>"


def test_the_threshold_is_a_line_across():
    line = when_figure([ROWS], 0.75, "tests", 9).layout.shapes[0]
    assert (line.y0, line.y1, line.x0, line.x1) == (0.75, 0.75, 0, 1)


@pytest.mark.parametrize("theme", PALETTES)
def test_no_two_readers_are_drawn_alike(theme):
    figure = when_figure([ROWS, STEPS, UNSURE], 0.9, "tests", 9, theme)
    lines = [trace.line for trace in figure.data if trace.mode == "lines"]
    assert len({(line.color, line.dash) for line in lines}) == 3


@pytest.fixture
def page(page) -> AppTest:
    page.segmented_control(key="source").set_value("Test digit").run()
    page.pills(key="digit").set_value(5).run()
    page.number_input[0].set_value(8).run()
    return page.segmented_control(key="view").set_value("When does it know?").run()


def verdicts(page: AppTest) -> list[str]:
    return [note["text"] for note in figure_of(page)["layout"]["annotations"]]


def expected(threshold: float, digit: int | None = None) -> list[str]:
    """What the page should say of the two opening readers and the eighth 5."""
    test = load_digits("test")
    five = test.images[test.labels == 5][7]
    texts = []
    for entry in shipped()[:2]:
        reader = Reader.load(entry.path)
        here = commit(reader.read(five).probabilities, threshold)
        tested = evaluate(reader, test)
        tested = tested if digit is None else tested.of(digit)
        accuracy = committing(tested, threshold).accuracy
        texts += [
            f"<b>{here.answer}</b> after row {here.steps}",
            f"<b>{accuracy:.1%}</b> right this early",
            f"<b>{tested.by_timestep[-1]:.1%}</b> right after all rows",
        ]
    return texts


def said(page: AppTest, beginnings: list[str]) -> bool:
    texts = verdicts(page)
    return all(any(text.startswith(beginning) for text in texts) for beginning in beginnings)


def test_the_page_commits_at_the_chosen_threshold(page):
    assert said(page, expected(0.9))
    page.slider(key="threshold").set_value(60).run()
    assert said(page, expected(0.6))


def test_the_page_counts_one_digit_alone(page):
    page.segmented_control(key="counted").set_value("3").run()
    assert said(page, expected(0.9, digit=3))
    assert sum(text.startswith("test 3s, ") for text in verdicts(page)) == 2
    assert "How many of 1,010 test 3s are right by then" in verdicts(page)
