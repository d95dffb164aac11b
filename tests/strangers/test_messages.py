"""A stranger sends every kind of message that Streamlit knows, and file after file."""

import asyncio
import os
import re
import uuid
from urllib.parse import urlsplit

import numpy as np
import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.load.streamlit_client import XSRF_COOKIE, Student, random_stroke
from tests.app_server import serving
from tests.strangers.asking import ask
from tests.waiting import wait_for
from ui.server import FROM_PAGES, REQUESTS_FROM_PAGES, OnlyWhatPagesSend

MEGABYTE = 2**20
FIELDS = BackMsg.DESCRIPTOR.fields_by_name
(PAYLOAD,) = FIELDS["backend_operation_request"].message_type.oneofs
KINDS, REQUESTS = list(FIELDS), [field.name for field in PAYLOAD.fields]
# What Streamlit would do for anybody, and the app's server drops.
REFUSED = {
    "clear_cache",
    "set_run_on_save",
    "load_git_info",
    "debug_disconnect_websocket",
    "debug_shutdown_runtime",
}
REFUSED_REQUESTS = {"install_skills", "dismiss_skills_nudge"}
EVERY_MESSAGE = pytest.mark.parametrize(
    ("kind", "request_for"),
    [(kind, "") for kind in KINDS] + [("backend_operation_request", name) for name in REQUESTS],
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home folder of the app's own, with a `git` that leaves a trace there when it is called."""
    home = tmp_path_factory.mktemp("home")
    (home / ".streamlit").mkdir()
    (home / "git").write_text('#!/bin/sh\ntouch "$HOME/.streamlit/git was called"\n')
    (home / "git").chmod(0o755)
    return home


@pytest.fixture(scope="module")
def app(app_runs, home):
    """An app for a class, which has a worker already."""
    own = ("env", f"HOME={home}", f"PATH={home}{os.pathsep}{os.environ['PATH']}")
    with serving(app_runs, at_home=False, prefix=own) as server:
        asyncio.run(visit_train(server.url))
        wait_for(lambda: workers(server), "a worker is there")
        yield server


async def visit_train(url):
    async with Student(url) as student:
        await student.visit("train")
        assert student.errors == []


def workers(server):
    return [child.pid for child in psutil.Process(server.process.pid).children()]


def on_disk(*folders):
    """Every file but the logs, and when it was written."""
    return {
        path: path.stat().st_mtime_ns
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".log", ".pyc"}
    }


def message_of(kind: str, request: str, session: str) -> BackMsg:
    """A message of this kind from this session; `request` is what it asks for, if anything."""
    if FIELDS[kind].message_type is None:
        return BackMsg(**{kind: True})
    message = BackMsg()
    content = getattr(message, kind)
    content.SetInParent()
    if "session_id" in FIELDS[kind].message_type.fields_by_name:
        content.session_id = session
    if request:
        getattr(content, request).SetInParent()
    return message


def test_every_kind_of_message_was_thought_of():
    """A new one fails this test, until it is known what it does in the hands of a stranger."""
    assert set(KINDS) == FROM_PAGES | REFUSED | {"backend_operation_request"}
    assert set(REQUESTS) == REQUESTS_FROM_PAGES | REFUSED_REQUESTS


@EVERY_MESSAGE
def test_only_what_pages_send_reaches_streamlit(kind, request_for):
    data = message_of(kind, request_for, "").SerializeToString()
    sent = [{"type": "websocket.receive", "bytes": data}, {"type": "websocket.disconnect"}]
    arrived = []

    async def streamlit(_scope, receive, _send):
        while sent:
            arrived.append(await receive())

    async def receive():
        return sent.pop(0)

    asyncio.run(OnlyWhatPagesSend(streamlit)({"type": "websocket"}, receive, None))
    assert (len(arrived) == 2) == (kind in FROM_PAGES or request_for in REQUESTS_FROM_PAGES)


@EVERY_MESSAGE
def test_a_message_changes_nothing_that_is_not_the_strangers(
    app, app_runs, home, kind, request_for
):
    settings = home / ".streamlit"

    async def be_strange():
        async with Student(app.url) as anna:
            await anna.draw([random_stroke(np.random.default_rng(0))])
            stage, files = anna.stage, on_disk(app_runs, settings)
            at_work, memory = workers(app), psutil.Process(app.process.pid).memory_info().rss
            async with Student(app.url) as stranger:
                await stranger.send(message_of(kind, request_for, stranger.session))
            await visit_train(app.url)
            assert workers(app) == at_work
            assert on_disk(app_runs, settings) == files
            assert psutil.Process(app.process.pid).memory_info().rss < memory + 100 * MEGABYTE
            await anna.visit("")
            assert (anna.stage, anna.errors) == (stage, [])

    asyncio.run(be_strange())


def kept_uploads(address):
    """Bytes of the uploads that the app keeps, as its own counters have it."""
    _, _, counters = ask(address, "/_stcore/metrics")
    found = re.search(r'^cache_memory_bytes\{.*"UploadedFileManager".*\} (\d+)$', counters, re.M)
    return int(found[1]) if found else 0


def test_a_stranger_who_sends_file_after_file_has_one_kept(app):
    """Without any widget that asked for them."""
    address, size = urlsplit(app.url).netloc, 7 * MEGABYTE
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="7.png"\r\n\r\n'

    def put(stranger):
        headers = {
            "Content-Type": "multipart/form-data; boundary=x",
            "Cookie": "; ".join(f"{name}={value}" for name, value in stranger.cookies.items()),
            "X-Xsrftoken": stranger.cookies[XSRF_COOKIE],
        }
        place = f"/_stcore/upload_file/{stranger.session}/{uuid.uuid4()}"
        return ask(address, place, "PUT", headers, head + bytes(size) + b"\r\n--x--\r\n")[0]

    async def be_strange():
        async with Student(app.url) as stranger:
            process = psutil.Process(app.process.pid)
            assert await asyncio.to_thread(put, stranger) == 204
            before = process.memory_info().rss
            for _ in range(40):
                assert await asyncio.to_thread(put, stranger) == 204
            assert await asyncio.to_thread(kept_uploads, address) == size
            assert process.memory_info().rss < before + 5 * size

    asyncio.run(be_strange())
