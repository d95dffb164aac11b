"""The browser that the journeys drive: Debian's headless shell, Playwright's own, or any Chromium.

`python -m tests.browser` makes sure that there is one. The first two have no windows, and open a
page with little more than half the processor's time of the third.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _found(playwright: Playwright) -> tuple[bool, str | None]:
    """Whether there is one without windows, and the path of what the system has, if it is used."""
    if shell := shutil.which(SHELL):
        return True, shell
    if Path(playwright.chromium.executable_path).exists():
        return True, None
    return False, next(filter(None, map(shutil.which, WHOLE)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_found(playwright)[1], args=FLAGS)
        yield browser
        browser.close()


def ensure_chromium() -> None:
    """Install a browser without windows where that can be done, else be content with any."""
    with sync_playwright() as playwright:
        windowless, of_the_system = _found(playwright)
    if windowless:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        if subprocess.run(["apt-get", "install", "-y", "-qq", SHELL], check=False).returncode == 0:
            return
    if of_the_system:
        return
    playwright_install = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(playwright_install, check=False).returncode != 0:
        sys.exit("No browser: install Chromium or Chrome, then run the command again.")


if __name__ == "__main__":
    ensure_chromium()
