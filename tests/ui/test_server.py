"""The server around the pages: a token for each browser, and what is done at the start."""

import asyncio
from functools import partial
from http.cookies import SimpleCookie

import pytest

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.runs.access import is_token, new_token
from mnist_rnn.runs.status import FINISHED
from ui import server
from ui.server import ScriptsEarly, TokenForEachBrowser
from ui.stage_files import ADDRESS, FOLDER
from ui.visitor import COOKIE, desk


def answer(
    *,
    path="/train",
    method="GET",
    cookie=None,
    scheme="http",
    kind="http",
    middleware=TokenForEachBrowser,
):
    """The headers of the answer to one request, through a middleware."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.append(message)

    headers = [(b"cookie", f"{COOKIE}={cookie}".encode())] if cookie is not None else []
    scope = {"type": kind, "path": path, "method": method, "scheme": scheme, "headers": headers}
    asyncio.run(middleware(app)(scope, None, send))
    (message,) = sent
    return {name.decode(): value.decode() for name, value in message["headers"]}


def test_a_browser_gets_a_token_that_scripts_and_other_sites_cannot_use():
    headers = answer()
    cookie = SimpleCookie(headers["set-cookie"])[COOKIE]
    assert is_token(cookie.value)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert not cookie["secure"]
    assert headers["cache-control"] == "no-store"
    assert SimpleCookie(answer(scheme="https")["set-cookie"])[COOKIE]["secure"]
    assert answer() != headers


def test_a_browser_keeps_its_token_and_what_is_no_token_is_replaced():
    assert answer(cookie=new_token()) == {}
    for cookie in ("", "guessed", "x" * 44):
        assert "set-cookie" in answer(cookie=cookie)


@pytest.mark.parametrize(
    "request_for",
    [
        {"path": "/static/index.js"},
        {"path": "/_stcore/health"},
        {"path": "/base/_stcore/host-config"},
        {"method": "POST"},
        {"kind": "websocket"},
    ],
)
@pytest.mark.parametrize("middleware", [TokenForEachBrowser, ScriptsEarly])
def test_only_pages_carry_a_token_or_a_link(request_for, middleware):
    assert answer(**request_for, middleware=middleware) == {}


def test_a_page_names_plotlys_script_if_it_is_where_streamlit_kept_it(tmp_path):
    scripts = tmp_path / "static" / "js"
    scripts.mkdir(parents=True)
    early = partial(ScriptsEarly, files=tmp_path)
    assert answer(middleware=early) == {}
    (scripts / "PlotlyChart.x1.js").touch()
    assert answer(middleware=early)["link"].startswith("<./static/js/PlotlyChart.x1.js>; ")


def test_the_draw_page_names_the_modules_of_the_stage_and_no_plotly():
    links = answer(path="/", middleware=ScriptsEarly)["link"].split(", ")
    named = {link.partition(">")[0].removeprefix(f"<./{ADDRESS}/") for link in links}
    assert named == {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js")}


@pytest.fixture
def started(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    roots = []
    monkeypatch.setattr(server, "supervisor", roots.append)

    def start():
        async def begin():
            async with server.at_start(None):
                pass

        asyncio.run(begin())
        return roots

    return start


def test_runs_left_in_the_queue_go_on_at_the_start_without_a_visit(started, tmp_path, capsys):
    run = runs.create(ModelConfig(), TrainConfig())
    run.set_status(FINISHED)
    assert started() == []
    runs.create(ModelConfig(), TrainConfig())
    assert started() == [tmp_path]
    assert desk().code in capsys.readouterr().err
