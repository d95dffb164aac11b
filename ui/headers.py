"""What the server tells browsers about its answers."""

from pathlib import Path, PurePosixPath

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit's own scripts and styles need more than a stricter policy would allow; this one keeps
# pictures of other sites out of the page, and the page out of other sites' frames.
POLICY = "base-uri 'self'; frame-ancestors 'self'; img-src 'self' data: blob:; object-src 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
STREAMLIT_FILES = Path(streamlit.__file__).parent / "static"


def asks_for_a_page(scope: Scope) -> bool:
    """Whether this is a request for a page, not for one of the page's files."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path = PurePosixPath(scope["path"])
    return not path.suffix and "_stcore" not in path.parts


class SafeHeaders:
    """Adds `HEADERS` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class PlotlyEarly:
    """Has browsers load Plotly's script with the page, not only once the first chart has come.

    It is the largest file of all. Where Streamlit keeps it is Streamlit's own affair; if it is
    not found in `files`, browsers load it as late as they would.
    """

    def __init__(self, app: ASGIApp, files: Path = STREAMLIT_FILES) -> None:
        self._app = app
        script = next(files.glob("static/js/PlotlyChart.*.js"), None)
        self._link = script and f"<./static/js/{script.name}>; rel=modulepreload; crossorigin"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_link(message: Message) -> None:
            if message["type"] == "http.response.start" and self._link:
                MutableHeaders(scope=message).append("Link", self._link)
            await send(message)

        await self._app(scope, receive, send_with_link if asks_for_a_page(scope) else send)
