"""What is drawn on the Draw page is read, undone and cleared."""

import numpy as np

from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.strokes import strokes_from_canvas
from tests.pages.draw_page import ONE, SEVEN, draw, image_of, stroke, strokes_of, told
from tests.pages.in_process import button, figure_of, numbers


def test_an_empty_canvas_asks_for_a_digit(page):
    assert "Draw a digit" in page.info[0].value
    assert all(button(page, label).disabled for label in ("Undo", "Clear"))


def test_a_drawing_is_read_and_comes_back_after_another_page_was_open(page):
    draw(page, ONE)
    drawn = told(page)
    assert drawn["image"] is None
    assert drawn["label"] is None
    (sent,) = strokes_of(page)
    (stroke,) = strokes_from_canvas({"objects": ONE})
    np.testing.assert_array_equal(sent.points, stroke.points)
    assert sent.width == stroke.width
    assert not page.info
    page.switch_page("pages/train.py").run()
    page.switch_page("pages/draw.py").run()
    assert strokes_of(page)[0].points.tolist() == sent.points.tolist()


def test_undo_takes_the_last_stroke_and_clear_takes_all(page):
    draw(page, SEVEN)
    button(page, "Undo").click().run()
    assert len(page.session_state["drawing"]["objects"]) == 1
    button(page, "Clear").click().run()
    assert page.session_state["drawing"]["objects"] == []
    assert "Draw a digit" in page.info[0].value


def test_a_dot_gets_a_sentence_and_a_figure_stays(page):
    draw(page, [stroke((90, 60), (90, 60))])
    assert "dot" in page.warning[0].value
    assert image_of(page).any()
    assert len(strokes_of(page)) == 1


SEVENTEEN = [
    stroke((60, 80), (60, 200)),
    stroke((130, 80), (220, 80), (160, 200)),
    stroke((160, 140), (205, 140)),
]


def test_a_drawn_seventeen_is_two_digits_to_choose_from(page):
    draw(page, SEVENTEEN)
    assert "2 digits" in page.pills[0].label
    assert told(page)["chosen"] == [0]
    page.pills[0].set_value(2).run()
    assert told(page)["chosen"] == [1, 2]
    assert len(strokes_of(page)) == 3
    for _ in range(2):
        button(page, "Undo").click().run()
    assert not page.pills
    assert told(page)["chosen"] == [0]


def test_other_views_read_the_chosen_one_of_two_drawn_digits(page):
    draw(page, SEVENTEEN)
    page.segmented_control(key="view").set_value("Which pixels mattered?").run()
    for number, of_it in ((1, SEVENTEEN[:1]), (2, SEVENTEEN[1:])):
        page.pills[0].set_value(number).run()
        alone = drawing_to_image(strokes_from_canvas({"objects": of_it}))
        assert numbers(figure_of(page)["data"][0]["z"]).tolist() == alone.tolist()


def test_a_drawing_with_too_much_on_it_can_still_be_cleared(page):
    scribble = [(float(x % 280), float(x % 270)) for x in range(25_000)]
    draw(page, [stroke(*scribble)])
    assert "Clear" in page.warning[0].value
    button(page, "Clear").click().run()
    assert page.session_state["drawing"]["objects"] == []
    assert not page.warning
