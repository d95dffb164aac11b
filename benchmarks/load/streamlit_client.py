"""A student without a browser, by default at the Draw page: Streamlit's own protocol.

It does what a browser's page does over the network: fetches the page for its cookies, opens the
WebSocket with them, and sends what the canvas sends after a stroke. It takes a few percent of the
processor time of a browser, so that one computer can play a whole class and the server as well.
Unlike a browser it does not fetch the page's static files, and leaves out of its messages those
widgets that it never touches: the server then keeps their state.
"""

import json
import time
import urllib.request
from asyncio import to_thread
from http.cookiejar import CookieJar
from types import TracebackType
from typing import Any, Self

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from mnist_rnn.digits.strokes import CANVAS_PIXELS, PEN_PIXELS

XSRF_COOKIE = "_streamlit_xsrf"
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
_POINTER_POSITIONS = 40


class Student:
    """One session of a page, at first of the Draw page, as an asynchronous context manager.

    `stage` is the JSON that the reading stage was told last, `received` when, on the clock of
    `time.perf_counter`. `errors` are the exceptions and error boxes that a page showed,
    `warnings` its yellow boxes. `widgets` are the ids of its buttons, text fields and popovers, by
    label. `session` is what the server calls it, and `cookies` what it gave to this browser.
    A lost connection raises `websockets.ConnectionClosed`.
    """

    def __init__(self, url: str, page: str = "") -> None:
        self._url, self._page = url, page
        self._socket: ClientConnection
        self._canvas, self._fragment = "", ""
        self.stage, self.received = "", 0.0
        self.bytes_received = 0
        self.errors: list[str] = []
        self.session = ""
        self.cookies: dict[str, str] = {}
        self.warnings: list[str] = []
        self.widgets: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self.cookies = await to_thread(_cookies, self._url)
        self._socket = await connect(
            self._url.replace("http", "ws", 1) + "/_stcore/stream",
            origin=Origin(self._url),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(self.cookies[XSRF_COOKIE])],
            additional_headers={"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())},
            max_size=None,
        )
        await self.run_page(BackMsg())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.close()

    async def draw(self, strokes: list[dict[str, Any]]) -> None:
        """Put these strokes on the canvas; returns when the page has been run with them."""
        drawing = {"version": "7.4.0", "objects": strokes, "background": "#000000"}
        state = {"drawing": {"raw": drawing, "data": None}, "backgroundFit": None}
        message = BackMsg()
        message.rerun_script.fragment_id = self._fragment
        message.rerun_script.widget_states.widgets.add(
            id=self._canvas, json_value=json.dumps(state)
        )
        await self.run_page(message)

    async def visit(self, page: str) -> None:
        """Go to the page with this name in its address; returns when it has been run."""
        self._page = page
        await self.run_page(BackMsg())

    async def send(self, message: BackMsg) -> None:
        """Send any message, and wait for no answer."""
        await self._socket.send(message.SerializeToString())

    async def run_page(self, message: BackMsg) -> None:
        """Send the state of widgets; returns when the page has been run with it."""
        message.rerun_script.page_name = self._page
        message.rerun_script.context_info.url = self._url
        message.rerun_script.context_info.color_scheme = "light"
        await self._socket.send(message.SerializeToString())
        while True:
            data = await self._socket.recv(decode=False)
            now = time.perf_counter()
            self.bytes_received += len(data)
            answer = ForwardMsg.FromString(data)
            match answer.WhichOneof("type"):
                case "delta" if answer.delta.WhichOneof("type") == "new_element":
                    self._take(answer.delta.new_element, answer.delta.fragment_id, now)
                case "new_session":
                    self.session = answer.new_session.initialize.session_id
                case "delta" if answer.delta.add_block.popover.id:
                    popover = answer.delta.add_block.popover
                    self.widgets[popover.label] = popover.id
                case "script_finished":
                    if answer.script_finished not in FINISHED:
                        self.errors.append("The page was not run to its end.")
                    return

    def _take(self, element: Element, fragment: str, now: float) -> None:
        match element.WhichOneof("type"):
            case "bidi_component" if element.bidi_component.component_name == "reading_stage":
                self.stage, self.received = element.bidi_component.json, now
            case "bidi_component" if "canvas" in element.bidi_component.component_name:
                self._canvas, self._fragment = element.bidi_component.id, fragment
            case "button" | "text_input" as kind:
                widget = getattr(element, kind)
                self.widgets[widget.label] = widget.id
            case "exception":
                self.errors.append(element.exception.message)
            case "alert" if element.alert.format == element.alert.ERROR:
                self.errors.append(element.alert.body)
            case "alert" if element.alert.format == element.alert.WARNING:
                self.warnings.append(element.alert.body)


def random_stroke(random: np.random.Generator) -> dict[str, Any]:
    """A curved stroke from top to bottom of the canvas, as the canvas describes one."""
    corners = random.uniform(40, CANVAS_PIXELS - 40, (4, 2))
    corners[:, 1].sort()
    t = np.linspace(0, 1, _POINTER_POSITIONS)[:, None]
    bends = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    positions = sum(bend * corner for bend, corner in zip(bends, corners, strict=True))
    middles = (positions[:-1] + positions[1:]) / 2
    path = [
        ["M", *positions[0].tolist()],
        *(
            ["Q", *control, *end]
            for control, end in zip(positions.tolist(), middles.tolist(), strict=False)
        ),
        ["L", *positions[-1].tolist()],
    ]
    low, high = positions.min(0), positions.max(0)
    (left, top), (width, height) = ((low + high) / 2).tolist(), (high - low).tolist()
    placed = {"left": left, "top": top, "width": width, "height": height}
    origin = {"originX": "center", "originY": "center"}
    pen = {"stroke": "#ffffff", "strokeWidth": PEN_PIXELS, "strokeLineCap": "round", "fill": None}
    return {"type": "Path", "version": "7.4.0", **origin, **placed, **pen, "path": path}


def _cookies(url: str) -> dict[str, str]:
    """What a browser that opens the page for the first time is given."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    for path in ("/", "/_stcore/health", "/_stcore/host-config"):
        with opener.open(f"{url}{path}") as answer:
            answer.read()
    return {cookie.name: cookie.value or "" for cookie in jar}
