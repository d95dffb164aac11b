"""What of a picture is a digit: not the table, the ruling, a frame, a shadow or its neighbours."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from mnist_rnn.digits import several
from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.ink import coverage
from mnist_rnn.digits.parts import parts_of
from mnist_rnn.digits.photos import photo_from_file
from mnist_rnn.digits.several import digits_in_drawing
from mnist_rnn.digits.strokes import Stroke
from tests.test_uploads import encoded, png

SIDE = 240
SEVEN = np.array([[85.0, 70.0], [155.0, 70.0], [110.0, 170.0]])
TWO = np.array([[0.0, 15.0], [20.0, 0.0], [40.0, 20.0], [0.0, 80.0], [45.0, 80.0]])
ONE = np.array([[0.0, 0.0], [0.0, 90.0]])
Y, X = np.mgrid[:SIDE, :SIDE]


def inked(*lines, width=12.0):
    return coverage([Stroke(line, width) for line in lines], SIDE, SIDE)


def on_paper(ink, paper=1.0):
    """Grey levels (240, 240) uint8 of ink that leaves a fifth of the paper's light."""
    return np.rint(230 * paper * (1 - 0.8 * ink)).astype(np.uint8)


EXPECTED = to_mnist(inked(SEVEN)).astype(float)


def difference(levels):
    """How far the only digit of a picture is from the seven, in grey levels of 255."""
    (found,) = photo_from_file(png(levels)).digits
    return float(np.abs(to_mnist(found.ink) - EXPECTED).mean())


def dark(where, tone=50):
    """The seven, with something as dark as that in the picture as well."""
    levels = on_paper(inked(SEVEN))
    levels[where] = tone
    return levels


DARK = {
    "corner": X + Y < 60,
    "two corners": (X + Y < 50) | (X - Y > 190),
    "edge of a table": X > 215,
    "slanted edge of a table": Y < 10 + X / 12,
    "frame all around": (np.minimum(X, Y) < 12) | (np.maximum(X, Y) > 228),
    "corner that is larger than the digit": X + Y < 90,
    "neighbour": (X < 9) & (abs(Y - 120) < 40),
}


@pytest.mark.parametrize("thing", DARK)
def test_what_the_edge_cuts_off_is_left_out(thing):
    assert difference(dark(DARK[thing])) < 4


def test_a_digit_that_fills_the_picture_stays_though_the_edge_touches_it():
    levels = on_paper(inked(SEVEN))[62:178, 78:162]
    levels[45:55, 7:14] = 60  # inside, there is a speck
    assert difference(levels) < 1


def squares(depth, turn=0.0, rows_only=False):
    """Paper with lines so much darker than itself, every 24 pixels, 2 wide, turned (degrees)."""
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    down, across = Y * cos - X * sin, X * cos + Y * sin
    lines = down % 24 < 2
    if not rows_only:
        lines |= across % 24 < 2
    return 1 - depth * lines


@pytest.mark.parametrize("turn", [0, 3])
@pytest.mark.parametrize("rows_only", [True, False])
@pytest.mark.parametrize("depth", [0.08, 0.15, 0.25])
def test_ruled_and_squared_paper_is_paper(depth, rows_only, turn):
    assert difference(on_paper(inked(SEVEN), squares(depth, turn, rows_only))) < 5


def test_squared_paper_under_a_shadow_is_paper():
    shadow = 1 - 0.35 / (1 + np.exp((X - 1.2 * Y + 30) / 6))
    assert difference(on_paper(inked(SEVEN), squares(0.2, 2) * shadow)) < 8


@pytest.mark.parametrize("edge", [X - 120, 120 - X, X - Y, Y - 100])
def test_a_shadow_over_half_of_the_paper_is_no_ink(edge):
    shadow = 1 - 0.45 / (1 + np.exp(-edge / 8))
    assert difference(on_paper(inked(SEVEN), shadow)) < 6


def test_a_dark_digit_beside_a_dark_table_is_not_taken_for_paper():
    levels = on_paper(inked(SEVEN))
    levels[:, :30] = levels[:25] = 40
    assert difference(levels) < 4


@pytest.mark.parametrize("side", [30, 60])
def test_a_blurred_picture_cropped_close_is_read(side):
    picture = Image.fromarray(on_paper(inked(SEVEN, width=22))).crop((70, 56, 170, 184))
    picture = picture.filter(ImageFilter.GaussianBlur(7))
    picture.thumbnail((side, side), Image.Resampling.BOX)
    (found,) = photo_from_file(encoded(picture, "JPEG", quality=80)).digits
    expected = to_mnist(inked(SEVEN, width=22)).astype(float)
    assert np.abs(to_mnist(found.ink) - expected).mean() < 35


def axes(levels, left, top, figure):
    """Put a picture into a figure, with a frame, ticks and numbers around it."""
    side = len(levels)
    pen = ImageDraw.Draw(figure)
    figure.paste(Image.fromarray(levels), (left, top))
    pen.rectangle((left, top, left + side, top + side), outline=0)
    for at in range(10, side, 40):
        pen.line((left + at, top + side, left + at, top + side + 5), fill=0)
        pen.text((left + at, top + side + 7), str(at), fill=0, anchor="mt")
        pen.line((left - 5, top + at, left, top + at), fill=0)
        pen.text((left - 8, top + at), str(at), fill=0, anchor="rm")
    pen.text((left + side / 2, top - 6), "Label: 7", fill=0, anchor="mb")


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255), (31, 215)])
def test_of_a_plot_with_axes_only_the_picture_is_read(paper, ink):
    figure = Image.new("L", (440, 330), 255)
    levels = np.rint(paper + (ink - paper) * inked(SEVEN)).astype(np.uint8)
    axes(levels, 110, 40, figure)
    assert difference(np.asarray(figure)) < 4


def test_each_picture_of_a_figure_with_several_is_found():
    figure = Image.new("L", (700, 330), 255)
    for place in range(2):
        axes(np.rint(255 * inked(SEVEN)).astype(np.uint8), 60 + 320 * place, 40, figure)
    found = photo_from_file(png(np.asarray(figure))).digits
    assert [round(digit.box.left, -1) for digit in found] == [140, 460]
    for digit in found:
        assert np.abs(to_mnist(digit.ink) - EXPECTED).mean() < 4


def test_a_bar_on_clean_paper_is_a_one_and_no_frame():
    levels = np.full((200, 200), 255, np.uint8)
    levels[30:170, 75:125] = 0
    (found,) = photo_from_file(png(levels)).digits
    assert found.box == pytest.approx((75, 30, 125, 170), abs=2)


def numbered(*placed):
    """Ink of lines, each moved to a place (x, y)."""
    return inked(*(line + place for line, place in placed))


def test_two_digits_side_by_side_are_two():
    ink = numbered((ONE, (70, 70)), (TWO, (120, 75)))
    one, two = photo_from_file(png(on_paper(ink))).digits
    assert (one.box.left, two.box.left) == (pytest.approx(64, abs=3), pytest.approx(114, abs=3))
    alone = to_mnist(numbered((TWO, (120, 75)))).astype(float)
    assert np.abs(to_mnist(two.ink) - alone).mean() < 3


def test_a_sheet_is_read_row_by_row():
    places = [(x, y + 4 * (x // 80)) for y in (30, 140) for x in (30, 110, 180)]
    ink = inked(*(0.7 * TWO + place for place in places), width=9)
    found = photo_from_file(png(on_paper(ink))).digits
    corners = [(digit.box.left, digit.box.top) for digit in found]
    assert corners == [pytest.approx((x - 4, y - 4), abs=3) for x, y in places]


def test_a_hat_a_dot_and_a_broken_stroke_are_of_their_digit():
    belly = np.array([[90.0, 85.0], [88.0, 120.0], [140.0, 140.0], [85.0, 180.0]])
    five = [belly, np.array([[105.0, 62.0], [150.0, 58.0]])]
    broken = [ONE * 0.45 + (120, 60), ONE * 0.45 + (121, 118)]
    speck = [SEVEN, np.array([[170.0, 180.0], [174.0, 182.0]])]
    for lines in (five, broken, speck):
        assert len(photo_from_file(png(on_paper(inked(*lines)))).digits) == 1


def strokes(*placed, size=1.0):
    return [Stroke(line * size + place, 20.0) for line, place in placed]


def test_a_drawn_seventeen_is_two_digits():
    seven = SEVEN - (85, 70)
    drawing = strokes((ONE, (60, 80)), (seven, (120, 80)), (ONE[:, ::-1] * 0.4, (130, 125)))
    assert digits_in_drawing(drawing) == [[0], [1, 2]]
    assert digits_in_drawing(drawing[::-1]) == [[2], [0, 1]]


def test_three_drawn_digits_are_three_wherever_they_are():
    for places in ((20, 100, 180), (-900, -820, -740)):
        lines = (TWO, ONE * 0.9, TWO)
        drawn = strokes(*((line, (x, 50)) for line, x in zip(lines, places, strict=True)))
        assert digits_in_drawing(drawn) == [[0], [1], [2]]


def test_one_drawn_digit_is_one_with_all_its_strokes():
    dot = Stroke(np.array([[200.0, 200.0], [201.0, 200.0]]), 20.0)
    four = strokes((TWO[2:], (60, 60)), (ONE, (110, 80)))
    for drawing in ([], [dot], four, [*strokes((SEVEN, (0, 0))), dot]):
        every = [*range(len(drawing))]
        assert digits_in_drawing(drawing) == ([every] if drawing else [])


def flooded(mask):
    """The same parts, found point by point: a number for each, and how many there are."""
    labels, count = np.zeros(mask.shape, int), 0
    for start in np.argwhere(mask):
        if labels[tuple(start)]:
            continue
        count += 1
        waiting = [tuple(start)]
        while waiting:
            y, x = waiting.pop()
            if labels[y, x] or not mask[y, x]:
                continue
            labels[y, x] = count
            rows = range(max(y - 1, 0), min(y + 2, len(mask)))
            columns = range(max(x - 1, 0), min(x + 2, mask.shape[1]))
            waiting += [(row, column) for row in rows for column in columns]
    return labels, count


def test_parts_are_those_that_a_flood_finds():
    random = np.random.default_rng(0)
    for _ in range(60):
        mask = random.random(random.integers(1, 30, 2)) < random.random()
        labels, count = flooded(mask)
        parts = parts_of(mask, 99)
        assert len(parts.boxes) == count
        assert (
            len({*zip(labels.ravel(), parts.labels.ravel(), strict=True)} | {(0, 0)}) == count + 1
        )
        for number, box in enumerate(parts.boxes, 1):
            rows, columns = np.nonzero(parts.labels == number)
            assert box == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def test_of_a_thousand_marks_only_so_many_are_digits():
    marks = (Y % 8 < 3) & (X % 8 < 3)
    assert len(photo_from_file(png(on_paper(1.0 * marks))).digits) <= several.MOST_PARTS
