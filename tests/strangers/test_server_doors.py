"""A real server, and a stranger who knows HTTP."""

from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest

from mnist_rnn.runs.access import is_token, new_token
from tests.app_server import PROJECT, serving
from tests.strangers.asking import ask
from ui.server import HEADERS
from ui.visitor import COOKIE

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}
SOURCE = (PROJECT / "app.py").read_text()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    runs = tmp_path_factory.mktemp("runs")
    with serving(runs, settings={"server.allowedHosts": "127.0.0.1"}) as server:
        yield urlsplit(server.url).netloc


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://{}", "{}", 101),
        ("https://evil.example", "{}", 403),
        ("http://127.0.0.1.evil.example", "{}", 403),
        ("null", "{}", 403),
        # A name that somebody else's DNS points here (DNS rebinding).
        ("http://evil.example", "evil.example", 403),
    ],
)
def test_only_the_apps_own_pages_may_speak_to_it(address, origin, host, status):
    asked = UPGRADE | {"Origin": origin.format(address), "Host": host.format(address)}
    assert ask(address, "/_stcore/stream", headers=asked)[0] == status


@pytest.mark.parametrize("path", ["/", "/train", "/runs", "/_stcore/health", "/nothing/here.js"])
def test_every_answer_has_the_safe_headers(address, path):
    _, headers, _ = ask(address, path)
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "Access-Control-Allow-Origin" not in headers


def test_a_page_gives_a_token_that_no_script_reads(address):
    _, headers, _ = ask(address, "/train")
    cookie = SimpleCookie(headers["Set-Cookie"])[COOKIE]
    assert is_token(cookie.value)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    _, headers, _ = ask(address, "/train", headers={"Cookie": f"{COOKIE}={new_token()}"})
    assert COOKIE not in (headers["Set-Cookie"] or "")


@pytest.mark.parametrize(
    "path",
    [
        "/../app.py",
        "/..%2fapp.py",
        "/%2e%2e/app.py",
        "/..%5capp.py",
        "//etc/passwd",
        "/static/../../app.py",
        "/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "/app/static/../app.py",
        "/app/static/app.py",
        "/media/..%2f..%2fapp.py",
        "/component/streamlit_drawable_canvas.st_canvas/..%2f..%2f..%2f..%2fetc/passwd",
        "/component/streamlit_drawable_canvas.st_canvas//etc/passwd",
        "/runs/../app.py",
        "/app.py",
        "/etc/passwd%00.png",
    ],
)
def test_no_path_leads_to_a_file_of_the_server(address, path):
    status, _, text = ask(address, path)
    assert SOURCE[:40] not in text
    assert "root:" not in text
    assert status < 500


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_an_upload_without_the_pages_own_token_is_refused(address, method):
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Origin": "https://evil.example"}
    session = "00000000-0000-0000-0000-000000000000"
    status, _, _ = ask(
        address, f"/_stcore/upload_file/{session}/{session}", method, headers, b"--x--\r\n"
    )
    assert status in (403, 405)


@pytest.mark.parametrize("path", ["agent/interact", "agent/mcp", "script-health-check"])
def test_what_the_app_does_not_need_is_closed(address, path):
    for method in ("GET", "POST"):
        status, _, text = ask(address, f"/_stcore/{path}", method)
        assert status >= 400 or "<title>" in text
