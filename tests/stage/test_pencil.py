"""What the browser makes of a pointer is what the real canvas then sends."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.strokes import PEN_PIXELS, Stroke, strokes_from_canvas
from tests.app_server import serving
from tests.stage.journey import HEAR
from tests.stage.modules import images_of, stage_page

pytestmark = pytest.mark.browser
SENT = "count => (document.querySelector('code')?.innerText.split('\"path\":').length ?? 0) > count"

# Corners of the pen's way, and in how many steps it goes from one to the next.
GESTURES = {
    "seven": ([(60, 60), (200, 62), (120, 140), (60, 260)], 12),
    "dash": ([(50, 140), (150, 150)], 1),
    "slow": ([(30, 30), (40, 35), (38, 60)], 40),
    "fast": ([(20, 250), (250, 20), (20, 20), (250, 250), (140, 20)], 1),
    "up": ([(220, 200), (220, 90)], 7),
    "click": ([(100, 100)], 1),
}


@pytest.fixture
def canvas(browser_page: Page, tmp_path: Path) -> Iterator[Page]:
    """A page with the canvas, and with ears."""
    with serving(tmp_path, script="tests/stage/canvas_page.py") as server:
        browser_page.goto(server.url)
        browser_page.locator("canvas.upper-canvas").wait_for()
        browser_page.evaluate(HEAR)
        yield browser_page


def test_a_live_stroke_is_the_one_that_the_canvas_sends(canvas: Page, browser: Browser) -> None:
    box = canvas.locator("canvas.upper-canvas").bounding_box()
    assert box
    for count, (corners, steps) in enumerate(GESTURES.values(), 1):
        placed = [(box["x"] + x, box["y"] + y) for x, y in corners]
        canvas.mouse.move(*placed[0])
        canvas.mouse.down()
        for x, y in placed[1:]:
            canvas.mouse.move(x, y, steps=steps)
        canvas.mouse.up()
        canvas.wait_for_function(SENT, arg=count)
    sent = strokes_from_canvas(json.loads(canvas.locator("code").inner_text()))
    with stage_page(browser) as stage:
        drawn = stage.evaluate(
            "([heard, width]) => heard.map(positions => pencil(positions, width))",
            [canvas.evaluate("heard"), PEN_PIXELS],
        )
        live = [Stroke(np.array(stroke["points"]), stroke["width"]) for stroke in drawn]
        for one, other in zip(live, sent, strict=True):
            assert one.points == pytest.approx(other.points, abs=0.011)
            assert one.width == other.width
        for count in range(1, len(live) + 1):
            (image,) = images_of(stage, [live[:count]])
            assert np.abs(image.astype(int) - drawing_to_image(sent[:count])).max() <= 1
