"""A browser's page with the modules of the stage and nothing else."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.stage.modules import stage_page


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Page]:
    with stage_page(browser) as page:
        yield page
