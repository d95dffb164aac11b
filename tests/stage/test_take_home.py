"""A reading as one HTML file, opened from the disk without a network."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from mnist_rnn import take_home
from mnist_rnn.__main__ import main
from mnist_rnn.analysis.memories import mean_memories
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.strokes import CANVAS_PIXELS, PEN_PIXELS, Stroke
from mnist_rnn.network.catalog import OPENING, SHIPPED, shipped
from mnist_rnn.network.reader import Reader
from mnist_rnn.stage import digit_message
from tests.stage.journey import (
    BAR,
    HEAR,
    SEVEN,
    expect_answers,
    expect_row,
    networks,
    open_stage,
    picture,
)

pytestmark = pytest.mark.browser

FILES = [SHIPPED / f"{key}.safetensors" for key in OPENING]
HOOK = [(60, 90), (140, 50), (190, 110), (90, 230), (150, 225)]
SURFACE = "main > .surface canvas"
HOSTILE = """</script><img src=x onerror="document.title='hurt'"><!--<script>$styles ${reading}"""

Open = Callable[[bytes], Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a file from the disk, as whoever has no network."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    context.set_offline(True)

    def open_file(data: bytes) -> Page:
        (tmp_path / "reading.html").write_bytes(data)
        page = context.new_page()
        page.goto((tmp_path / "reading.html").as_uri())
        expect(networks(page).first).to_be_visible()
        return page

    yield open_file
    context.close()


@pytest.fixture(scope="module")
def classroom() -> list[take_home.Network]:
    digits = load_digits("validation").first(200)
    entries = {entry.key: entry for entry in shipped()}
    readers = [(entries[key].title, Reader.load(entries[key].path)) for key in OPENING]
    return [take_home.Network(t, r, mean_memories(r, digits)) for t, r in readers]


def draw(page: Page, corners: list[tuple[int, int]]) -> None:
    """With the mouse, one straight line from corner to corner."""
    box: Any = page.locator(SURFACE).bounding_box()
    placed = [(box["x"] + x, box["y"] + y) for x, y in corners]
    page.mouse.move(*placed[0])
    page.mouse.down()
    for x, y in placed[1:]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def strokes_of(page: Page) -> list[Stroke]:
    """What was drawn since HEAR, as the page's own pencil has it."""
    drawn = page.evaluate(
        """async width => {
            const { pencil } = await import('stage/pen/pencil.js');
            return heard.map(positions => pencil(positions, width));
        }""",
        PEN_PIXELS,
    )
    return [Stroke(np.array(stroke["points"]), stroke["width"]) for stroke in drawn]


def test_the_file_reads_as_python_does_without_a_network(opened, tmp_path, capsys):
    out = tmp_path / "home.html"
    assert main(["page", str(out), "--weights", *map(str, FILES)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert out.stat().st_size < 350_000
    page = opened(out.read_bytes())
    expect(networks(page).first).to_contain_text("Nothing to read yet.")
    page.evaluate(HEAR)
    draw(page, HOOK)
    expect_row(page, 28)
    trace = [Reader.load(file).read(drawing_to_image(strokes_of(page))) for file in FILES]
    for network, read in zip(networks(page).all(), trace, strict=True):
        expect(network).to_have_attribute("data-answer", str(read.answers[-1]))
        share = float(network.get_attribute("data-probability") or 0)
        assert share == pytest.approx(read.probabilities[-1].max(), abs=1e-5)
        assert share < 0.999  # a drawing that leaves some doubt tells more


def test_it_opens_where_it_was_left_and_can_be_drawn_on(opened, classroom):
    digits = load_digits("test")
    image, label = digits.images[0], int(digits.labels[0])
    page = opened(take_home.page(classroom, digit_message(image, label), 12, ["step"]))
    expect_row(page, 12)
    expect(page.get_by_role("button", name="One step")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("End")
    expect(networks(page).first).to_contain_text("Right.")
    undo, clear = (page.get_by_role("button", name=name) for name in ("Undo", "Clear"))
    expect(undo).to_be_disabled()
    taken = picture(page)
    draw(page, SEVEN)
    one = picture(page)
    assert one != taken
    draw(page, BAR)
    assert picture(page) != one
    undo.click()
    assert picture(page) == one
    page.keyboard.press("Home")  # of the stage, not of the button
    expect_row(page, 0)
    page.keyboard.press("End")
    clear.click()
    expect_row(page, 0)
    page.keyboard.press("End")
    assert picture(page) == taken
    expect(clear).to_be_disabled()


def test_strokes_are_taken_home_as_they_are(opened, classroom):
    seven = Stroke(np.array(SEVEN, float), PEN_PIXELS)
    page = opened(take_home.page(classroom, digit_message(None, strokes=[seven], chosen=[0]), 28))
    for network, shown in zip(classroom, networks(page).all(), strict=True):
        read = network.reader.read(drawing_to_image([seven]))
        expect(shown).to_have_attribute("data-answer", "7")
        share = float(shown.get_attribute("data-probability") or 0)
        assert share == pytest.approx(read.probabilities[-1, 7], abs=1e-5)
    page.get_by_role("button", name="Undo").click()
    expect(networks(page).first).to_contain_text("Nothing to read yet.")


def test_the_chosen_one_of_two_digits_is_taken_home(opened, classroom):
    lines = [[(60, 80), (60, 220)], [(130, 80), (220, 80), (165, 220)]]
    one, seven = strokes = [Stroke(np.array(line, float), PEN_PIXELS) for line in lines]
    page = opened(take_home.page(classroom, digit_message(None, strokes=strokes, chosen=[1]), 28))
    expect_answers(page, "7", "7")
    chosen = picture(page)
    draw(page, [(130, 150), (200, 150)])
    assert picture(page) != chosen
    page.get_by_role("button", name="Undo").click()
    for network, shown in zip(classroom, networks(page).all(), strict=True):
        both = network.reader.read(drawing_to_image([one, seven]))
        expect(shown).to_have_attribute("data-answer", str(both.answers[-1]))


def test_a_name_is_text_whatever_it_says(opened, classroom):
    page = opened(take_home.page([replace(classroom[0], title=HOSTILE)], digit_message(None)))
    assert networks(page).locator("small").get_attribute("title") == HOSTILE
    assert page.title().startswith("How does a network")
    assert page.locator("img").count() == 0


def test_a_run_is_told_by_its_title_alone(classroom):
    data = take_home.page(classroom, digit_message(None)).decode()
    told = json.loads(data.split('id="reading">')[1].split("</script>")[0])["told"]
    assert told["networks"] == [
        {"name": str(n), "key": str(n), "title": network.title}
        for n, network in enumerate(classroom, 1)
    ]


def test_the_picture_is_saved_with_its_words(opened, classroom, tmp_path):
    image = load_digits("test").images[0]
    page = opened(take_home.page(classroom, digit_message(image), 28))
    expect_row(page, 28)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the picture as PNG").click()
    assert download.value.suggested_filename == "reading.png"
    download.value.save_as(tmp_path / "reading.png")
    with Image.open(tmp_path / "reading.png") as saved:
        pixels = np.asarray(saved)
    assert (pixels[..., 3] == 255).all()
    box: Any = page.locator(".stage canvas").bounding_box()
    words = pixels[: int(box["y"] - 20), :, :3]
    for colour in ((0xD5, 0x5E, 0x00), (0x00, 0x72, 0xB2)):  # the two answers
        assert (words == colour).all(-1).sum() > 200


def test_a_finger_draws_on_a_phone(browser, classroom, tmp_path):
    file = tmp_path / "reading.html"
    file.write_bytes(take_home.page(classroom, digit_message(None)))
    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, offline=True
    )
    page = phone.new_page()
    page.goto(file.as_uri())
    expect(networks(page)).to_have_count(2)
    box: Any = page.locator(SURFACE).bounding_box()
    finger = phone.new_cdp_session(page)
    scale = box["width"] / CANVAS_PIXELS
    places = [{"x": box["x"] + x * scale, "y": box["y"] + y * scale} for x, y in SEVEN]
    for kind, place in zip(["touchStart", *["touchMove"] * len(SEVEN)], places, strict=False):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_answers(page, "7", "7")
    assert page.evaluate("[scrollY, document.documentElement.scrollWidth]") == [0, 390]
    page.touchscreen.tap(box["x"] + 20, box["y"] + 20)
    for _ in ("dot", "seven"):
        page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    phone.close()


def test_the_draw_page_gives_the_file(browser_page, app_url, opened):
    page = browser_page
    open_stage(page, app_url, "?row=20")
    expect_row(page, 20)
    answers = [network.get_attribute("data-answer") for network in networks(page).all()]
    with page.expect_download() as download:
        page.get_by_role("button", name="Take it home").click()
    assert download.value.suggested_filename == "reading.html"
    at_home = opened(download.value.path().read_bytes())
    expect_row(at_home, 20)
    expect_answers(at_home, *map(str, answers))
