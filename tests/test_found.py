"""The picture with a box around each digit that was found."""

import numpy as np
from PIL import ImageColor

from mnist_rnn.digits.parts import Box
from mnist_rnn.figures.draw.found import boxed
from mnist_rnn.figures.palette import BLUE, VERMILION

GREY = np.full((140, 280), 0.5, np.float32)
BOXES = [Box(20, 40, 80, 120), Box(150, 0, 200, 139)]


def coloured(picture, colour):
    """The box, at the size of `GREY`, around all pixels of a colour."""
    rows, columns = np.nonzero((np.asarray(picture) == ImageColor.getrgb(colour)).all(2))
    return np.array([columns.min(), rows.min(), columns.max(), rows.max()]) / 2


def test_the_box_that_was_cut_out_is_drawn_around_the_digit():
    picture = boxed(GREY, BOXES[:1], 0)
    assert picture.size == (560, 280)
    box = coloured(picture, VERMILION)
    assert (np.abs(box - BOXES[0]) < 6).all()
    assert (np.asarray(picture)[160, 100] == 128).all()


def test_several_boxes_are_numbered_and_the_chosen_one_stands_out():
    for chosen in (0, 1):
        picture = boxed(GREY, BOXES, chosen)
        for number, box in enumerate(BOXES):
            around = coloured(picture, VERMILION if number == chosen else BLUE)
            assert (np.abs(around - box)[[0, 2, 3]] < 8).all()
            assert around[1] <= max(box.top - 6, 0)
    assert (np.asarray(picture) == 255).all(2).any()
