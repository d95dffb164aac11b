"""The modules of assets/stage in a browser, on a page that holds nothing else."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, Route

from mnist_rnn.digits.strokes import Stroke
from tests.app_server import PROJECT

_ORIGIN = "http://stage.test"
_LOAD = """async () => {
    const names = [
        'network/groups', 'network/networks', 'network/reader', 'network/weights', 'pen/ink',
        'pen/pencil', 'picture/input', 'picture/layout', 'sentences', 'told',
    ];
    const modules = await Promise.all(names.map(name => import(`/${name}.js`)));
    Object.assign(window, ...modules);
    window.bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt());
    window.text = bytes => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}"""
_INK = """drawings => drawings.map(strokes => {
    const image = drawingToImage(strokes);
    return image && text(image);
})"""
_READ = """([weights, images]) => {
    const reader = new Reader(parseWeights(bytes(weights)));
    return images.map(image => {
        reader.read(bytes(image));
        const { sequence, hidden, logits, probabilities } = reader;
        const arrays = [sequence, hidden, logits, probabilities];
        return arrays.map(array => text(new Uint8Array(array.buffer)));
    });
}"""


@contextmanager
def stage_page(browser: Browser) -> Iterator[Page]:
    """A page whose globals are what the modules export."""
    context = browser.new_context()
    page = context.new_page()
    page.route(f"{_ORIGIN}/**", _answer)
    page.goto(_ORIGIN)
    page.evaluate(_LOAD)
    yield page
    context.close()


def _answer(route: Route) -> None:
    name = route.request.url.removeprefix(f"{_ORIGIN}/")
    if name:
        route.fulfill(path=PROJECT / "assets" / "stage" / name, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def images_of(page: Page, drawings: list[list[Stroke]]) -> list[np.ndarray | None]:
    """The image (28, 28) uint8 that the browser makes of each drawing, None where it is empty."""
    images = page.evaluate(_INK, [as_json(strokes) for strokes in drawings])
    return [image and np.frombuffer(b64decode(image), np.uint8).reshape(28, 28) for image in images]


def traces_of(page: Page, weights: bytes, images: np.ndarray) -> list[np.ndarray]:
    """What the browser reads of images (n, 28, 28): a `Trace`'s four arrays, (n, ...) and flat."""
    traces = page.evaluate(
        _READ, [as_text(weights), [as_text(image.tobytes()) for image in images]]
    )
    return [
        np.stack([np.frombuffer(b64decode(array), np.float32) for array in arrays])
        for arrays in zip(*traces, strict=True)
    ]


def as_json(strokes: list[Stroke]) -> list[dict[str, Any]]:
    """Strokes as the stage gets them."""
    return [{"points": stroke.points.tolist(), "width": stroke.width} for stroke in strokes]


def as_text(data: bytes) -> str:
    """Bytes as the page's function `bytes` takes them."""
    return b64encode(data).decode()
