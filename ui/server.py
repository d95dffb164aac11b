"""What the web server does before any page runs: tokens, what it lets in, the start-up."""

import importlib
import logging
import sys
from collections.abc import AsyncIterator, Callable
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


class _Middleware:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app


def _adding(send: Send, add: Callable[[MutableHeaders], None]) -> Send:
    """What sends an answer with the headers that are added to its own."""

    async def send_with_more(message: Message) -> None:
        if message["type"] == "http.response.start":
            add(MutableHeaders(scope=message))
        await send(message)

    return send_with_more


class TokenForEachBrowser(_Middleware):
    """Gives each browser without one that opens a page a cookie which scripts can't read.

    The cookie is sent along when somebody follows a link to the app (SameSite=Lax), never with
    what another site's page asks for.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not asks_for_a_page(scope) or is_token(HTTPConnection(scope).cookies.get(COOKIE)):
            await self._app(scope, receive, send)
            return

        def add_token(headers: MutableHeaders) -> None:
            headers.append("Set-Cookie", _cookie(scope["scheme"] == "https"))
            headers["Cache-Control"] = "no-store"  # The next browser must get its own.

        await self._app(scope, receive, _adding(send, add_token))


def _cookie(secure: bool) -> str:
    cookie: SimpleCookie = SimpleCookie()
    cookie[COOKIE] = new_token()
    cookie[COOKIE].update({"path": "/", "max-age": _A_SCHOOL_YEAR_SECONDS, "samesite": "Lax"})
    cookie[COOKIE].update({"httponly": True, "secure": secure})
    return cookie[COOKIE].OutputString()


class OnlyWhatPagesSend(_Middleware):
    """Passes on what the app's own pages send over WebSockets, and drops all other messages.

    Anybody can have Streamlit empty the caches of all, or call git while everybody waits: 200 such
    messages keep a class waiting for 4 seconds.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_from_pages() -> Message:
            while not _is_from_a_page(message := await receive()):
                pass
            return message

        is_socket = scope["type"] == "websocket"
        await self._app(scope, receive_from_pages if is_socket else receive, send)


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


class OneUploadEach(_Middleware):
    """Keeps only the latest upload of a session, where Streamlit keeps all that it gets."""

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


class SafeHeaders(_Middleware):
    """Adds `HEADERS` to every answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, _adding(send, lambda headers: headers.update(HEADERS)))


class ScriptsEarly(_Middleware):
    """Has browsers load a page's largest scripts with the page, not only once they are missed.

    On the Draw page that is the reading stage, on other pages Plotly. Where Streamlit keeps that is
    Streamlit's own affair; if it is not found in `files`, browsers load it as late as they would.
    """

    def __init__(self, app: ASGIApp, files: Path = STREAMLIT_FILES) -> None:
        super().__init__(app)
        plotly = (f"./static/js/{path.name}" for path in files.glob("static/js/PlotlyChart.*.js"))
        self._plotly = ", ".join(f"<{url}>; rel=modulepreload; crossorigin" for url in plotly)
        self._stage = ", ".join(f"<./{url}>; rel=modulepreload" for url in stage_modules())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if asks_for_a_page(scope):
            links = self._stage if scope["path"] == "/" else self._plotly
            if links:
                send = _adding(send, lambda headers: headers.append("Link", links))
        await self._app(scope, receive, send)
