"""What the tests of faults look at."""

import pytest

from tests.pages.in_process import opened
from tests.pages.train_page import SilentSupervisor


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The Train page, where nothing is trained."""
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    monkeypatch.setattr("ui.stored.Supervisor", SilentSupervisor)
    return opened("train")
