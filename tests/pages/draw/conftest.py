"""The Draw page, as it opens."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.in_process import opened_app


@pytest.fixture
def page() -> AppTest:
    return opened_app().run()
