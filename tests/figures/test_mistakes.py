"""The confusion matrix, and the sheet of the images that one count in it is of."""

import numpy as np
import pytest

from mnist_rnn.evaluation.accuracy import ConfusionCell, confusion
from mnist_rnn.figures.mistakes import ACROSS, confusion_figure, contact_sheet_figure
from mnist_rnn.figures.palette import PALETTES
from tests.evaluation.few_digits import FEW


@pytest.mark.parametrize("theme", PALETTES)
def test_the_matrix_colours_mistakes_alone_and_tells_what_is_right_at_its_margins(theme):
    figure = confusion_figure(confusion(FEW), ConfusionCell(4, 9), theme)
    shades, numbers = figure.data
    np.testing.assert_allclose(np.diag(shades.z), 0)
    assert shades.z[4][9] == 1
    assert shades.z[7][1] == pytest.approx(np.sqrt(1 / 2))
    assert (numbers.text[49], numbers.x[49], numbers.y[49]) == ("2", 9, 4)
    assert numbers.text[48] == ""
    notes = {(note.x, note.y): note.text for note in figure.layout.annotations}
    assert [notes[x, y] for x, y in notes if y == 4] == ["50.0%"]  # two of four 4s
    assert notes[1, 10.25] == "0.0%"  # "1" was said once, wrongly
    assert notes[3, 10.25] == "–"
    assert "<b>50.0%</b>" in notes.values()
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (8.5, 9.5, 3.5, 4.5)


def test_the_sheet_shows_images_in_lines_with_a_point_to_click_on_each():
    images = np.random.default_rng(0).integers(0, 255, (ACROSS + 1, 28, 28), np.uint8)
    figure = contact_sheet_figure(images, [str(n) for n in range(len(images))], 14, "light")
    first, second, points = figure.data
    np.testing.assert_array_equal(np.array(first.z)[:14, 31:59], images[1, :14])
    assert np.array(first.z)[14:].max() < 0.34 * 255
    assert np.array(second.z).shape == (28, 28)
    assert list(points.x[[0, 1, ACROSS]]) == [13.5, 44.5, 13.5]
    assert points.y[0] == 13.5
    assert second.y0 == 37
    assert [note.text for note in figure.layout.annotations][-1] == str(ACROSS)
