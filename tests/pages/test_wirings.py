"""The Wirings page, run in-process without a browser."""

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn.analysis.wirings_answers import settled_at
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.errors import UserError
from mnist_rnn.network.catalog import WIRINGS
from mnist_rnn.network.reader import Reader
from tests.pages.draw_page import SEVEN, stroke
from tests.pages.in_process import button, opened_app
from ui.stored import shared_test_digits

DIGITS = load_digits("test")
FIVE = DIGITS.images[DIGITS.labels == 5][265]


@pytest.fixture
def page() -> AppTest:
    page = opened_app().run()
    return page.switch_page("pages/wirings.py").run()


def choose(page: AppTest, head: str) -> AppTest:
    return page.segmented_control(key="wiring").set_value(head).run()


def predict(page: AppTest, head: str, answer: str) -> AppTest:
    return page.pills(key=f"prediction-{head}").set_value(answer).run()


def press(page: AppTest, label: str) -> AppTest:
    return button(page, label).click().run()


def figures(page: AppTest) -> list[dict]:
    """The four small pictures, then the wiring at work."""
    assert not page.exception
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def texts(figure: dict) -> list[str]:
    return [note["text"] for note in figure["layout"]["annotations"]]


def verdict(page: AppTest) -> str:
    """What is said of the prediction and of what happened."""
    assert not page.exception
    _lede, said, *_ = page.main.markdown
    return said.value


def answers(head: str, image=FIVE) -> list[int]:
    return Reader.load(WIRINGS[head].path).read(image).answers.tolist()


def test_it_opens_with_all_four_and_with_nothing_given_away(page):
    *small, large = figures(page)
    assert len(small) == 4
    assert [texts(figure).count("<b>?</b>") for figure in (*small, large)] == [1, 7, 1, 7, 2]
    assert "frames" not in large or not large["frames"]


@pytest.mark.parametrize("head", WIRINGS)
def test_who_only_wants_to_see_is_shown_and_may_be_asked_again(page, head):
    choose(page, head)
    press(page, "Just show me")
    *small, large = figures(page)
    assert "<b>?</b>" not in texts(small[list(WIRINGS).index(head)])
    assert len(large["frames"]) == (3 if head == "one_to_one" else 28)
    assert "you said" not in verdict(page)
    press(page, "Ask again")
    assert not figures(page)[-1].get("frames")


@pytest.mark.parametrize("head", ["many_to_one", "many_to_many"])
def test_a_prediction_is_judged_by_what_the_network_does_with_this_digit(page, head):
    choose(page, head)
    said = answers(head)
    row = max([row for row, answer in enumerate(said, 1) if answer != said[-1]], default=0) + 1
    quarters = ["rows 1 to 7", "rows 8 to 14", "rows 15 to 21", "rows 22 to 28"]
    truth = quarters[(row - 1) // 7]
    for answer in (truth, quarters[quarters.index(truth) - 1]):
        predict(page, head, answer)
        assert ("Right: you said" if answer == truth else "Not this time") in verdict(page)
        assert f"**{said[-1]}**" in verdict(page)
        assert f"**{row}**" in verdict(page)
        press(page, "Ask again")


def test_another_digit_gets_another_verdict_on_the_same_prediction(page):
    choose(page, "many_to_many")
    rows = [
        settled_at(Reader.load(WIRINGS["many_to_many"].path).read(image).answers)
        for image in DIGITS.images[DIGITS.labels == 5][:40]
    ]
    early = next(number for number, row in enumerate(rows, 1) if row <= 7)
    late = next(number for number, row in enumerate(rows, 1) if row > 7)
    predict(page, "many_to_many", "rows 1 to 7")
    for number, word in ((early, "Right"), (late, "Not this time")):
        page.number_input(key="probe-example").set_value(number).run()
        assert word in verdict(page)


def test_the_figure_plays_once_when_it_is_revealed_and_then_stays_at_the_end(page):
    choose(page, "many_to_many")
    press(page, "Just show me")
    assert figures(page)[-1]["layout"]["sliders"][0]["active"] == 0
    page.run()
    assert figures(page)[-1]["layout"]["sliders"][0]["active"] == 27


def test_the_drawing_of_the_draw_page_is_what_is_read(page):
    page.switch_page("pages/draw.py").run()
    page.session_state["drawing"] = {"objects": SEVEN}
    page.session_state["canvas_version"] = 1
    page.run()
    page.switch_page("pages/wirings.py").run()
    assert page.segmented_control(key="wiring-digit").value == "My drawing"
    choose(page, "many_to_one")
    press(page, "Just show me")
    assert "**7**" in verdict(page)
    assert not page.info


def test_a_drawing_that_is_no_digit_gets_sentences_and_a_test_digit_stands_in(page):
    page.session_state["drawing"] = {"objects": [stroke((90, 60), (90, 60))]}
    page.segmented_control(key="wiring-digit").set_value("My drawing").run()
    assert "dot" in page.warning[0].value
    assert "test digit" in page.info[0].value
    assert len(figures(page)) == 5


def test_without_a_drawing_it_says_where_to_draw_one(page):
    page.segmented_control(key="wiring-digit").set_value("My drawing").run()
    assert "Draw" in page.info[-1].value
    assert len(figures(page)) == 5


def test_the_class_and_the_style_that_go_in_change_the_drawing(page):
    choose(page, "one_to_many")
    press(page, "Just show me")

    def drawn() -> str:
        return json.dumps(figures(page)[-1]["data"][2]["z"])

    seen = {drawn()}
    page.pills(key="draws").set_value(3).run()
    seen.add(drawn())
    assert "Asked for a **3**" in verdict(page)
    page.slider(key="style-slant").set_value(2.0).run()
    seen.add(drawn())
    before = [page.slider(key=f"style-{name}").value for name in ("slant", "thickness", "width")]
    press(page, "Another style")
    seen.add(drawn())
    after = [page.slider(key=f"style-{name}").value for name in ("slant", "thickness", "width")]
    assert before != after
    assert len(seen) == 4


def test_the_drawing_stays_in_its_picture_while_another_wiring_is_looked_at(page):
    choose(page, "one_to_many")
    press(page, "Just show me")
    page.pills(key="draws").set_value(8).run()
    picture = figures(page)[1]["data"]
    choose(page, "many_to_one")
    assert figures(page)[1]["data"] == picture


def test_a_link_opens_the_wiring_that_it_names():
    page = opened_app()
    page.query_params["wiring"] = "many-to-one"
    page.run()
    page.switch_page("pages/wirings.py").run()
    assert page.segmented_control(key="wiring").value == "many_to_one"
    assert "<b>many-to-one</b>" in texts(figures(page)[-1])


@pytest.mark.parametrize(
    ("missing", "looked_at"), [("one_to_many", "one_to_many"), ("many_to_many", "one_to_one")]
)
def test_a_missing_file_gets_one_sentence_and_the_other_wirings_still_run(
    page, missing, looked_at, monkeypatch, tmp_path
):
    gone = replace(WIRINGS[missing], path=tmp_path / "gone.safetensors")
    monkeypatch.setitem(WIRINGS, missing, gone)
    choose(page, looked_at)
    assert len(figures(page)) == 4
    (warning,) = page.warning
    assert "gone.safetensors can't be read" in warning.value
    choose(page, "many_to_one")
    press(page, "Just show me")
    assert len(figures(page)) == 5
    assert not page.warning


def test_a_missing_judge_gets_one_sentence(page, monkeypatch):
    def missing(key: str) -> None:
        raise UserError(f"{key} can't be read.")

    monkeypatch.setattr("ui.wirings.networks.judge", missing)
    choose(page, "one_to_many")
    assert len(figures(page)) == 4
    assert [warning.value for warning in page.warning] == [
        "cnn_rnn-many_to_one-classroom can't be read."
    ]


def test_missing_mnist_gives_one_sentence_on_the_page(page, monkeypatch):
    def missing(part: str) -> None:
        raise UserError(f"The {part} images are missing.")

    monkeypatch.setattr("ui.stored.load_digits", missing)
    shared_test_digits.cache_clear()
    page.run()
    assert not page.exception
    assert [error.value for error in page.error] == ["The test images are missing."]


def test_the_draw_page_is_as_it_was_after_a_look_at_the_wirings(page):
    page.switch_page("pages/draw.py").run()
    page.segmented_control(key="view").set_value("Which pixels mattered?").run()
    before = figures(page)[0]["layout"]["annotations"]
    page.switch_page("pages/wirings.py").run()
    page.number_input(key="probe-example").set_value(3).run()
    page.switch_page("pages/draw.py").run()
    assert figures(page)[0]["layout"]["annotations"] == before
