"""The browser that the journeys drive: the system's Chromium, or Playwright's own.

`python -m tests.browser` makes sure that there is one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def system_chromium() -> str | None:
    """The path of an installed Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=FLAGS)
        yield browser
        browser.close()


def ensure_chromium() -> None:
    """Install a browser unless there is one: Playwright's, else the system's package."""
    with sync_playwright() as playwright:
        if system_chromium() or Path(playwright.chromium.executable_path).exists():
            return
    playwright_install = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(playwright_install, check=False).returncode == 0:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True)
        return
    sys.exit("No browser: install Chromium or Chrome, then run the command again.")


if __name__ == "__main__":
    ensure_chromium()
