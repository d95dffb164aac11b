"""Mistakes counted and ordered by hand, and the figures that show them."""

import numpy as np

from mnist_rnn.analysis.accuracy import Evaluation
from mnist_rnn.analysis.mistakes import cell, confusion, number_in_class, worst
from mnist_rnn.figures.confusion import confusion_figure
from mnist_rnn.figures.sheet import ACROSS, sheet_figure

# Five digits, two timesteps.
TESTED = Evaluation(
    answers=np.array([[7, 7], [1, 1], [7, 7], [7, 1], [4, 4]], np.uint8),
    labels=np.array([7, 7, 4, 7, 4], np.uint8),
    confidences=np.array([[0.2, 0.9], [0.5, 0.6], [0.3, 0.4], [0.9, 0.8], [0.1, 0.7]], np.float32),
)


def test_confusion_counts_true_classes_by_answers() -> None:
    table = confusion(TESTED)
    assert table.sum() == 5
    assert (table[7, 7], table[7, 1], table[4, 7], table[4, 4]) == (1, 2, 1, 1)


def test_confusion_earlier_is_of_the_answers_then() -> None:
    table = confusion(TESTED, 0)
    assert (table[7, 7], table[7, 1]) == (2, 1)


def test_the_surest_mistakes_and_the_most_doubtful_right_answers_come_first() -> None:
    assert cell(TESTED, 7, 1).tolist() == [3, 1]
    assert cell(TESTED, 7, 7, timestep=0).tolist() == [0, 3]
    assert cell(TESTED, 9, 9).tolist() == []


def test_the_worst_is_the_commonest_mistake_and_never_a_right_answer() -> None:
    assert worst(confusion(TESTED)) == (7, 1)
    assert worst(np.eye(10, dtype=int) * 3) == (0, 1)


def test_an_image_is_numbered_within_its_class() -> None:
    assert [number_in_class(TESTED.labels, place) for place in range(5)] == [1, 2, 1, 3, 2]


def test_the_matrix_shows_mistakes_as_colours_and_right_answers_beside_them() -> None:
    figure = confusion_figure(confusion(TESTED), (7, 1))
    heat, touch = figure.data
    assert heat.z[7][1] == 2
    assert np.isnan(np.diag(heat.z)).all()
    assert list(touch.customdata[7 * 10 + 1]) == [7, 1]
    assert (touch.x[71], touch.y[71]) == (1, 7)
    (frame,) = figure.layout.shapes
    assert (frame.x0 + 0.5, frame.y0 + 0.5) == (1, 7)
    texts = [note.text for note in figure.layout.annotations]
    assert texts[7] == "1"
    assert texts[10 + 7] == "33.3%"
    assert texts[10 + 4] == "50.0%"


def test_the_sheet_puts_each_image_under_its_point_and_caption() -> None:
    images = np.zeros((ACROSS + 2, 28, 28), np.uint8)
    images[ACROSS + 1, 13:15, 13:15] = 255
    figure = sheet_figure(images, [str(n) for n in range(len(images))], range(100, 108))
    heat, touch = figure.data
    last = ACROSS + 1
    x, y = touch.x[last], touch.y[last]
    assert np.array(heat.z)[int(y), int(x)] == 255
    assert touch.customdata[last] == 100 + last
    note = figure.layout.annotations[last]
    assert (note.text, note.x) == (str(last), x)
    assert note.y > y
