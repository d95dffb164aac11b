"""What journeys do on the reading stage of a real page."""

import io
import re
from base64 import b64decode
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SEVEN = [(75, 60), (205, 60), (185, 110), (150, 170), (125, 245)]
BAR = [(40, 200), (240, 200)]


def open_stage(page: Page, url: str, query: str = "?view=Row+by+row") -> Locator:
    """The stage, once both networks stand on it, with all that is around it."""
    page.goto(f"{url}/{query}")
    if "source" not in query:
        expect(page.locator("canvas.upper-canvas")).to_be_visible()
    expect(networks(page)).to_have_count(2)
    expect(stage(page)).to_have_attribute("data-rows", "28")
    return stage(page)


def stage(page: Page) -> Locator:
    return page.locator(".stage")


def networks(page: Page) -> Locator:
    return page.locator(".stage [data-reader]")


def expect_row(page: Page, row: int) -> None:
    expect(stage(page)).to_have_attribute("data-row", str(row))


def expect_answers(page: Page, *answers: str) -> None:
    for number, answer in enumerate(answers):
        expect(networks(page).nth(number)).to_have_attribute("data-answer", answer)


def picture(page: Page) -> str:
    """All pixels of the picture, once it has been drawn."""
    return page.evaluate(
        """() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() =>
            resolve(document.querySelector('.stage canvas').toDataURL()))))"""
    )


def expect_picture(page: Page, pixels: str) -> None:
    page.wait_for_function(
        "pixels => document.querySelector('.stage canvas').toDataURL() === pixels", arg=pixels
    )


def assert_alike(one: str, other: str) -> None:
    """The pixels of two pictures are the same, but for a grey level here and there.

    The canvas rounds where its strokes lie; the stage has them as they were drawn.
    """
    pixels = [
        np.array(Image.open(io.BytesIO(b64decode(text.partition(",")[2])))) for text in (one, other)
    ]
    apart = np.abs(pixels[0].astype(int) - pixels[1])
    assert apart.max() <= 4
    assert (apart > 0).mean() < 0.01


def stroke(page: Page, points: list[tuple[int, int]], lift: bool = True) -> None:
    """Draw along these corners with the mouse."""
    box = box_of_canvas(page)
    page.mouse.move(box["x"] + points[0][0], box["y"] + points[0][1])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    if lift:
        page.mouse.up()


def box_of_canvas(page: Page) -> Any:
    return page.locator("canvas.upper-canvas").bounding_box()


def undo(page: Page) -> Locator:
    return page.get_by_test_id("stBaseButton-secondary").filter(has_text="Undo")


def expect_known(page: Page) -> None:
    """Wait until the server knows of a drawing and the page has shown what it made of it."""
    expect(undo(page)).to_be_enabled()
    page.wait_for_timeout(700)


INK = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
    .data.some((level, i) => i % 4 < 3 && level > 200)"""


def expect_ink(page: Page) -> None:
    """Wait until the canvas shows a drawing: one that has just come is empty at first, and deaf."""
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    for _ in range(600):
        if page.locator("canvas.lower-canvas").last.evaluate(INK):
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing is drawn on the canvas")


# Every stroke's positions [x, y], as the canvas's own listeners see them.
HEAR = """() => {
    window.heard = [];
    let box = null;
    const add = ({ clientX, clientY }) =>
        heard.at(-1).push([clientX - box.left, clientY - box.top]);
    const on = (name, hear) => document.addEventListener(name, hear, { capture: true });
    on('mousedown', event => {
        const canvas = event.composedPath()[0];
        if (!(canvas instanceof HTMLCanvasElement)) return;
        box = canvas.getBoundingClientRect();
        heard.push([]);
        add(event);
    });
    on('mousemove', event => box && add(event));
    on('mouseup', () => { box = null; });
}"""


class SlowNetwork:
    """Between a page that is yet to be opened and its server: holds back what the server says."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.slow = False
        self.held: list[tuple[WebSocketRoute, str | bytes]] = []
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def run_told(self) -> int:
        """Wait until the server has told of a run to its end: how many of those held that takes."""
        for _ in range(600):
            told = [ForwardMsg.FromString(bytes(message)) for _, message in self.held]
            kinds = [message.WhichOneof("type") for message in told]
            if "script_finished" in kinds:
                return kinds.index("script_finished") + 1
            self._page.wait_for_timeout(100)
        raise AssertionError("the server never came to the end of a run")

    def let_through(self, first: int | None = None) -> None:
        """Deliver the first of the messages that were held, in their order, or all."""
        for route, message in self.held[:first]:
            route.send(message)
        del self.held[:first]

    def _connect(self, route: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            if self.slow:
                self.held.append((route, message))
            else:
                route.send(message)

        route.connect_to_server().on_message(answer)
