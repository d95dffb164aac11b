"""Who is in front of the page: asked by pages, answered from the browser's cookie."""

import os
from collections.abc import Callable, Iterable
from functools import cache
from urllib.parse import urlsplit

import streamlit as st

from mnist_rnn.errors import UserError
from mnist_rnn.runs import Run
from mnist_rnn.runs.access import (
    VARIABLE,
    TeachersDesk,
    Visitor,
    fingerprint,
    is_token,
    may_watch,
    must_change,
    new_token,
    teachers_code,
)
from mnist_rnn.runs.ledger import RunRow, row_of
from ui import notice
from ui.page import whole

COOKIE = "mnist_rnn_visitor"
AT_HOME = "MNIST_RNN_LOCAL_TEACHER"
_TOKEN = "visitor_token"  # noqa: S105 - a key of the session, not a secret
_LOCAL = ("localhost", "127.0.0.1", "::1")
_SIGNS_OF_A_PROXY = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@cache
def desk() -> TeachersDesk:
    """The one teacher's desk of this app."""
    return TeachersDesk(teachers_code())


def visitor() -> Visitor:
    """The visitor of this page.

    Without a cookie, where a browser keeps none, they are known until they reload.
    """
    token = st.context.cookies.get(COOKIE)
    if not is_token(token):
        token = st.session_state.setdefault(_TOKEN, new_token())
    owner = fingerprint(token)
    return Visitor(owner, desk().is_teacher(owner) or at_the_computer())


def watched(everyone: Iterable[RunRow]) -> list[RunRow]:
    """Those of these runs that this visitor may watch."""
    now = visitor()
    return [row for row in everyone if may_watch(now, row)]


def at_the_computer() -> bool:
    """Whether they sit at the computer that the app runs on, and it is one that people sit at.

    Then they could open the run folders as well, and are the teacher. A server without a screen
    trusts nobody for this: behind a proxy everyone seems to come from the server itself.
    MNIST_RNN_LOCAL_TEACHER (yes or no) decides otherwise, and a code set in the environment means
    that the teacher will type it.
    """
    wanted = os.environ.get(AT_HOME, "")
    if wanted == "no" or (wanted != "yes" and _serves_others()):
        return False
    headers = st.context.headers
    names = (f"//{headers.get('Host', '')}", headers.get("Origin", ""))
    return (
        "Host" in headers
        and st.context.ip_address is None
        and not any(sign in headers for sign in _SIGNS_OF_A_PROXY)
        and all(_host(name) in _LOCAL for name in names)
    )


@whole
def change(
    run: Run, do: Callable[[], None], tell: Callable[[UserError], None] = notice.error
) -> None:
    """Change a run if this visitor may do so now; `tell` says what is wrong.

    For callbacks: a button that is not shown can still be pressed by who speaks to the server.
    """
    try:
        must_change(visitor(), row_of(run))
        do()
    except UserError as problem:
        tell(problem)


def _serves_others() -> bool:
    return VARIABLE in os.environ or bool(st.get_option("server.headless"))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
