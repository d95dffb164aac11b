"""Pages of the app, run in-process without a browser."""

import base64
import json

import numpy as np
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from tests.app_server import PROJECT
from ui.page import HAS_MENU


def opened_app() -> AppTest:
    """The whole app, which opens with the Draw page; it has yet to run."""
    return AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)


def opened(name: str) -> AppTest:
    """One page by itself; it has yet to run."""
    page = AppTest.from_file(str(PROJECT / "pages" / f"{name}.py"), default_timeout=60)
    page.session_state[HAS_MENU] = True
    return page


def button(page: AppTest, label: str) -> Button:
    (found,) = (button for button in page.button if button.label == label)
    return found


def figure_of(page: AppTest) -> dict:
    """The first figure on the page."""
    assert not page.exception
    return json.loads(page.get("plotly_chart")[0].proto.spec)


def numbers(values: object) -> np.ndarray:
    """Numbers as Plotly sends them: lists, or a base64-encoded typed array."""
    if isinstance(values, list):
        return np.array(values)
    flat = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
    return flat.reshape([int(n) for n in str(values.get("shape", flat.size)).split(",")])
