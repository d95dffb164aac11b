"""The Train page, where nothing is trained."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.in_process import opened
from tests.pages.train_page import SilentSupervisor


@pytest.fixture
def page(monkeypatch) -> AppTest:
    monkeypatch.setattr("ui.stored.Supervisor", SilentSupervisor)
    return opened("train")
