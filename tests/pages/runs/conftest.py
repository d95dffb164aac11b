"""The Runs page, and two runs to compare."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_rnn.config import ModelConfig
from mnist_rnn.runs import Run
from tests.pages.in_process import opened
from tests.run_folders import finished_run


@pytest.fixture
def page() -> AppTest:
    return opened("runs")


@pytest.fixture
def pair(page) -> list[Run]:
    """Two runs that differ in the head alone."""
    return [
        finished_run(model=ModelConfig(head=head, units=2))
        for head in ("many_to_one", "many_to_many")
    ]
