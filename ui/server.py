"""What the web server does before any page runs: tokens, what it lets in, the start-up."""

import importlib
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from pathlib import Path, PurePosixPath

import streamlit
from google.protobuf.message import DecodeError
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import get_instance
from streamlit.starlette import App

from mnist_rnn import open_files, runs
from mnist_rnn.errors import UserError
from mnist_rnn.runs.access import is_token, new_token
from mnist_rnn.runs.ledger import rows
from ui.stage_files import stage_modules
from ui.stored import supervisor
from ui.visitor import COOKIE, desk

# By type, the messages of Streamlit's that the pages here have a use for, and of its requests for
# something in the background those for a download's content and for a table's further rows.
FROM_PAGES = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"}
REQUESTS_FROM_PAGES = {"deferred_file", "dataframe_chunk"}
_A_SCHOOL_YEAR_SECONDS = 366 * 24 * 3600
_log = logging.getLogger(__name__)


class TokenForEachBrowser:
    """Gives each browser without one that opens a page a cookie which scripts can't read.

    The cookie is sent along when somebody follows a link to the app (SameSite=Lax), never with
    what another site's page asks for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not asks_for_a_page(scope) or is_token(HTTPConnection(scope).cookies.get(COOKIE)):
            await self._app(scope, receive, send)
            return

        async def send_with_token(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("Set-Cookie", _cookie(scope["scheme"] == "https"))
                headers["Cache-Control"] = "no-store"  # The next browser must get its own.
            await send(message)

        await self._app(scope, receive, send_with_token)


def _cookie(secure: bool) -> str:
    cookie: SimpleCookie = SimpleCookie()
    cookie[COOKIE] = new_token()
    cookie[COOKIE].update({"path": "/", "max-age": _A_SCHOOL_YEAR_SECONDS, "samesite": "Lax"})
    cookie[COOKIE].update({"httponly": True, "secure": secure})
    return cookie[COOKIE].OutputString()


class OnlyWhatPagesSend:
    """Passes on what the app's own pages send over WebSockets, and drops all other messages.

    Anybody can have Streamlit empty the caches of all, or call git while everybody waits: 200 such
    messages keep a class waiting for 4 seconds.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_from_pages() -> Message:
            while not _is_from_a_page(message := await receive()):
                pass
            return message

        await self._app(
            scope, receive_from_pages if scope["type"] == "websocket" else receive, send
        )


def _is_from_a_page(message: Message) -> bool:
    """Whether a page sends this; what is no message of Streamlit's is left for it to refuse."""
    try:
        sent = BackMsg.FromString(message.get("bytes") or b"")
    except DecodeError:
        return True
    match sent.WhichOneof("type"):
        case "backend_operation_request":
            return sent.backend_operation_request.WhichOneof("payload") in REQUESTS_FROM_PAGES
        case kind:
            return kind is None or kind in FROM_PAGES


class OneUploadEach:
    """Keeps only the latest upload of a session, where Streamlit keeps all that it gets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
        if scope["type"] == "http" and scope["method"] == "PUT":
            session = scope["path"].rpartition("/")[0].rpartition("/")[2]
            uploads = get_instance().uploaded_file_mgr
            for earlier in list(uploads.file_storage.get(session, ()))[:-1]:
                uploads.remove_file(session, earlier)


def before_start() -> None:
    """Ask the system for what a class needs; SystemExit with a sentence if runs have no place."""
    open_files.raise_limit()
    # Streamlit imports it when the canvas is shown first. Plotly, at work on another page at that
    # moment, would take it half imported and fail.
    importlib.import_module("pandas")
    try:
        runs.runs_folder()
    except UserError as problem:
        sys.exit(str(problem))


@asynccontextmanager
async def at_start(app: App) -> AsyncIterator[None]:
    """Say the teacher's code, and go on with the runs that an earlier app left in the queue."""
    print(f"Teacher's code, for the Train page: {desk().code}", file=sys.stderr, flush=True)
    root = runs.runs_folder()
    try:
        if any(not row.status.ended for row in rows(root)):
            supervisor(root)
    except UserError as problem:
        _log.warning(problem)
    yield


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


class ScriptsEarly:
    """Has browsers load a page's largest scripts with the page, not only once they are missed.

    On the Draw page that is the reading stage, on other pages Plotly. Where Streamlit keeps that is
    Streamlit's own affair; if it is not found in `files`, browsers load it as late as they would.
    """

    def __init__(self, app: ASGIApp, files: Path = STREAMLIT_FILES) -> None:
        self._app = app
        plotly = (f"./static/js/{path.name}" for path in files.glob("static/js/PlotlyChart.*.js"))
        self._plotly = ", ".join(f"<{url}>; rel=modulepreload; crossorigin" for url in plotly)
        self._stage = ", ".join(f"<./{url}>; rel=modulepreload" for url in stage_modules())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        links = ""
        if asks_for_a_page(scope):
            links = self._stage if scope["path"] == "/" else self._plotly

        async def send_with_links(message: Message) -> None:
            if message["type"] == "http.response.start" and links:
                MutableHeaders(scope=message).append("Link", links)
            await send(message)

        await self._app(scope, receive, send_with_links)
