"""The pictures of the wirings: boxes, arrows, and what moves from timestep to timestep."""

import numpy as np
import pytest

from mnist_rnn.config import ModelConfig
from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.panels import Reading
from mnist_rnn.figures.wirings.diagram import Diagram, corners, slices
from mnist_rnn.figures.wirings.overview import overview_figure
from mnist_rnn.figures.wirings.stops import Drawn, Running, running_drawing, running_reading
from mnist_rnn.figures.wirings.unrolled import DiagramBox, arrows, boxes, lit
from mnist_rnn.figures.wirings.wiring import wiring_figure
from mnist_rnn.network.drawer import Drawer, Drawing
from mnist_rnn.network.reader import Reader, Trace
from mnist_rnn.network.weights import Card
from tests.networks import random_tensors

IMAGE = np.arange(784, dtype=np.uint8).reshape(28, 28)
PALETTE = PALETTES["light"]
ORDER = np.array([2, 0, 1, 3, 4, 6, 5])
READING_HEADS = ("one_to_one", "many_to_one", "many_to_many")
HEADS = (*READING_HEADS, "one_to_many")


def trace_of(head: str) -> Trace:
    config = ModelConfig(head=head, units=7)
    return Reader(random_tensors(config), Card(config)).read(IMAGE)


def drawing() -> Drawing:
    config = ModelConfig(head="one_to_many", units=7, styles=5)
    return Drawer(random_tensors(config), Card(config)).draw(4)


def running(head: str) -> Running:
    if head == "one_to_many":
        drawn = Drawn(4, drawing(), ORDER, "a <judge>", trace_of("many_to_one"))
        return running_drawing(drawn, PALETTE)
    config = ModelConfig(head=head, units=7)
    return running_reading(IMAGE, Reading(head, config, trace_of(head), ORDER), PALETTE)


def middles_of_rectangles(shapes, axes: tuple[str, str]) -> set[tuple[float, float]]:
    """The centres of the rectangles without a veil on these axes."""
    return {
        (round((s.x0 + s.x1) / 2, 6), round((s.y0 + s.y1) / 2, 6))
        for s in shapes
        if s.type == "rect" and (s.xref, s.yref) == axes and s.line.width
    }


def middle(box: DiagramBox, head: str) -> tuple[float, float]:
    left, bottom, right, top = corners(box, head)
    return round((left + right) / 2, 6), round((bottom + top) / 2, 6)


@pytest.mark.parametrize("head", HEADS)
def test_the_small_picture_has_every_box_and_every_arrow_of_the_wiring(head):
    ran = running(head)
    figure = overview_figure(head, ran.inputs, ran.outputs)
    drawn = middles_of_rectangles(figure.layout.shapes, ("x", "y"))
    assert {middle(box, head) for box in boxes(head)} <= drawn
    (lines,) = (t for t in figure.data if t.type == "scatter" and "lines" in t.mode)
    ends = np.array([lines.x, lines.y], float).T.reshape(-1, 3, 2)
    expected = [(middle(start, head), middle(end, head)) for start, end in arrows(head)]
    assert len(ends) == len(expected)
    for (tail, tip, gap), (start, end) in zip(ends, expected, strict=True):
        # From the edge of one box to the edge of the other, along the line between them.
        way = np.subtract(end, start)
        drawn_way = np.subtract(tip, tail)
        assert np.linalg.det([way, drawn_way]) == pytest.approx(0)
        assert 0 < np.dot(way, drawn_way) < np.dot(way, way)
        assert np.isnan(gap).all()


@pytest.mark.parametrize("head", HEADS)
def test_nothing_of_what_comes_out_is_in_the_pictures_before_it_may_be_seen(head):
    ran = running(head)
    outputs = [box for box in boxes(head) if box.layer == "output"]
    small = overview_figure(head, ran.inputs, None)
    large = wiring_figure(ran, revealed=False)
    for figure in (small, large):
        texts = [note.text for note in figure.layout.annotations]
        assert texts.count("<b>?</b>") == len(outputs) + (figure is large)
        assert not figure.frames
    # Of the panels, the first alone; and what goes through the boxes, if it is an image.
    maps = [trace for trace in large.data if trace.type == "heatmap"]
    assert [trace.xaxis for trace in maps] == ["x", *(["x9"] if head != "one_to_many" else [])]


def test_the_chosen_picture_is_framed():
    ran = running("many_to_one")
    plain, framed = (
        overview_figure("many_to_one", ran.inputs, None, chosen=chosen).layout.shapes
        for chosen in (False, True)
    )
    assert framed[: len(plain)] == plain
    (frame,) = framed[len(plain) :]
    assert (frame.xref, frame.yref, frame.line.color) == (
        "paper",
        "paper",
        PALETTE.heads["many_to_one"],
    )


def test_an_image_is_cut_into_slices_that_lose_no_pixel():
    cut = slices(IMAGE, 7)
    assert cut.shape == (4, 7 * 28 + 6 * 12)
    pixels = [cut[:, 40 * pack : 40 * pack + 28] for pack in range(7)]
    np.testing.assert_array_equal(np.concatenate(pixels), IMAGE)
    assert np.isnan(cut).sum() == 4 * 6 * 12


@pytest.mark.parametrize("head", ["one_to_many", "many_to_one", "many_to_many"])
def test_each_frame_lights_the_boxes_at_work_and_moves_the_line_below_the_same_row(head):
    frames = wiring_figure(running(head)).frames
    assert [frame.name for frame in frames] == [str(row) for row in range(1, 29)]
    for row, frame in enumerate(frames, start=1):
        _, scan, *lights = frame.layout.shapes[:5]
        assert (scan.y0, scan.y1) == (row, row)
        shown = {
            (round((s.x0 + s.x1) / 2, 6), round((s.y0 + s.y1) / 2, 6)) for s in lights if s.x0 > -9
        }
        assert shown == {middle(box, head) for box in lit(head, row)}


@pytest.mark.parametrize("head", ["one_to_many", "many_to_one", "many_to_many"])
def test_each_frame_names_its_row_below_the_pack_that_is_lit(head):
    for row, frame in enumerate(wiring_figure(running(head)).frames, start=1):
        texts = {note.text: note for note in frame.layout.annotations}
        label = texts[f"<b>row {row}</b>"]
        assert label.x == (row - 1) // 4
        assert texts[f"<b>h<sub>{row}</sub></b>"].x == label.x


def test_many_to_many_writes_a_class_into_each_box_as_its_rows_go_by():
    answers = trace_of("many_to_many").answers
    for row, frame in enumerate(wiring_figure(running("many_to_many")).frames, start=1):
        texts = [note.text for note in frame.layout.annotations[4:11]]
        pack = (row - 1) // 4
        expected = [f"<b>{answers[4 * p + 3]}</b>" for p in range(pack)]
        expected += [f"<b>{answers[row - 1]}</b>", *["<b></b>"] * (6 - pack)]
        assert texts == expected


def test_many_to_one_says_nothing_before_the_last_row():
    answer = trace_of("many_to_one").answers[-1]
    frames = wiring_figure(running("many_to_one")).frames
    assert [frame.layout.annotations[4].text for frame in frames] == [
        *["<b></b>"] * 27,
        f"<b>{answer}</b>",
    ]
    assert all("not asked yet" in frame.layout.annotations[0].text for frame in frames[:-1])
    assert frames[-1].layout.annotations[0].text.startswith(f"<b>{answer}</b>, ")


@pytest.mark.parametrize("head", ["one_to_many", "many_to_one", "many_to_many"])
def test_the_rows_still_to_come_are_veiled_in_the_diagram(head):
    layer = "output" if head == "one_to_many" else "input"
    for row, frame in enumerate(wiring_figure(running(head)).frames, start=1):
        in_pack, later = frame.layout.shapes[5:7]
        left, bottom, right, top = corners(DiagramBox(layer, (row - 1) // 4), head)
        done = (row - 1) % 4 + 1
        assert (in_pack.x0, in_pack.x1) == pytest.approx((left, right))
        assert (in_pack.y1 - in_pack.y0) / (top - bottom) == pytest.approx(1 - done / 4)
        assert later.x0 > right
        assert later.x1 >= corners(DiagramBox(layer, 6), head)[2] or row > 24


def test_the_panels_of_the_wiring_that_draws_are_what_it_got_remembered_and_drew():
    made = drawing()
    code, hidden, image = (t for t in wiring_figure(running("one_to_many")).data if t.yaxis == "y")
    np.testing.assert_allclose(np.array(code.z), made.sequence)
    np.testing.assert_allclose(np.array(hidden.z), made.hidden[:, ORDER])
    np.testing.assert_array_equal(np.array(image.z), made.image)


def test_the_last_stop_of_the_drawing_says_what_it_is_read_as():
    read = trace_of("many_to_one")
    last = running("one_to_many").stops[-1]
    assert last.answer == f"read as <b>{read.answers[-1]}</b>"
    assert "a &lt;judge&gt;" in last.sentence


def test_one_to_one_goes_through_its_three_layers_and_answers_at_the_last():
    figure = wiring_figure(running("one_to_one"))
    assert [frame.name for frame in figure.frames] == ["input", "hidden", "output"]
    answers = [frame.layout.annotations[0].text for frame in figure.frames]
    assert answers[:2] == ["", ""]
    assert answers[2].startswith(f"<b>{trace_of('one_to_one').answers[-1]}</b>, ")
    veils = [frame.layout.shapes[0] for frame in figure.frames]
    # It starts where the next panel does, and in the end is of no height.
    assert veils[0].x0 < veils[1].x0
    assert [veil.y0 for veil in veils] == [0, 0, 28]


@pytest.mark.parametrize("head", HEADS)
def test_the_figure_opens_as_its_frame_would_leave_it(head):
    for opening in (0, -1):
        figure = wiring_figure(running(head), opening=opening)
        frame = figure.frames[opening]
        assert figure.layout.sliders[0].active == opening % len(figure.frames)
        for shape, moved in zip(figure.layout.shapes, frame.layout.shapes, strict=False):
            assert [shape[p] for p in ("x0", "x1", "y0", "y1")] == [
                moved[p] for p in ("x0", "x1", "y0", "y1")
            ]
        for note, moved in zip(figure.layout.annotations, frame.layout.annotations, strict=False):
            assert (note.text or "", note.x, note.y) == (moved.text or "", moved.x, moved.y)


@pytest.mark.parametrize("head", HEADS)
def test_frames_only_move_what_hangs_on_an_axis_and_never_send_numbers_again(head):
    figure = wiring_figure(running(head))
    assert not any(frame.data for frame in figure.frames)
    shapes = len(figure.frames[0].layout.shapes)
    notes = len(figure.frames[0].layout.annotations)
    assert all(shape.yref != "paper" for shape in figure.layout.shapes[:shapes])
    assert all(note.yref != "paper" for note in figure.layout.annotations[:notes])


def test_a_diagram_knows_what_goes_through_its_layers():
    diagram = Diagram("many_to_one", IMAGE, None, 9, 20, "#000000")
    assert diagram.held("input") is IMAGE
    assert diagram.held("hidden") is None
    assert diagram.held("output") is None
