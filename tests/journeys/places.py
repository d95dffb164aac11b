"""Every page and view of the app, as somebody might have it open."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from mnist_rnn.config import ModelConfig
from tests.run_folders import finished_run

FIGURE = ".js-plotly-plot"
STAGE = ".stage [data-reader]"
START = "text=Start"
ASKED = "text=Just show me"


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def choose(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("radio", name=name, exact=True).click()


def unfold(page: Page) -> None:
    page.get_by_text("More settings").click()


def settle(page: Page) -> None:
    """Wait until the page has run and what it shows has come to rest."""
    page.wait_for_timeout(300)
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    page.wait_for_timeout(200)


@dataclass(frozen=True)
class Place:
    """A page at an address, `ready` once this can be seen, and what is then done to open more."""

    address: str
    ready: str
    steps: tuple[Callable[[Page], None], ...] = ()

    def open(self, page: Page, url: str) -> None:
        page.goto(f"{url}/{self.address}")
        page.locator(self.ready).first.wait_for()
        settle(page)
        for step in self.steps:
            step(page)
            settle(page)


THREE = "&".join(
    f"readers={key}"
    for key in (
        "rnn-many_to_one-classroom",
        "rnn-many_to_many-classroom",
        "cnn_rnn-many_to_one-classroom",
    )
)
PLACES = {
    "draw, before reading": Place("", STAGE),
    "draw, read": Place("?row=28", STAGE),
    "draw, test digit": Place("?source=Test+digit&row=12&show=peek", STAGE),
    "draw, upload": Place("?source=Upload&row=12&show=every", STAGE),
    "draw, keys": Place("?row=12", STAGE, (press("Keys"),)),
    "draw, lessons": Place("?row=28", STAGE, (press("Lessons"),)),
    "draw, in a lesson": Place("?lesson=1", ".st-key-lesson"),
    "draw, one step": Place("?row=12&show=step", STAGE),
    "draw, three readers": Place(f"?row=12&{THREE}", STAGE),
    "draw, presenting": Place("?row=12", STAGE, (lambda page: page.keyboard.press("f"),)),
    "when does it know": Place("?view=When+does+it+know%3F", FIGURE),
    "inside one unit": Place("?view=Inside+one+unit", FIGURE),
    "memory map": Place("?view=Memory+map", FIGURE),
    "what if": Place("?view=What+if%3F", FIGURE),
    "which pixels mattered": Place("?view=Which+pixels+mattered%3F", FIGURE, (press("Method"),)),
    "wirings, asked": Place("wirings?wiring=many-to-one", ASKED, (press("Digit to read"),)),
    "wirings, shown": Place("wirings?wiring=many-to-many", ASKED, (press("Just show me"),)),
    "wirings, drawing": Place("wirings?wiring=one-to-many", ASKED, (press("Just show me"),)),
    "wirings, a mistake": Place(
        "wirings?wiring=many-to-one", ASKED, (choose("Mistake: Maps interleaved"),)
    ),
    "mistakes": Place("mistakes", f".st-key-sheet {FIGURE}"),
    "train, settings": Place("train", START, (unfold,)),
    "train, link": Place("train", START, (press("Link"),)),
    "train, teacher": Place("train", START, (press("Teacher"),)),
    "train, both heads": Place("train?both=1", START),
    "train, one digit": Place("train", START, (choose("One digit over epochs"),)),
    "words": Place("glossary", "h1, h2"),
    "runs": Place("runs", f".st-key-overlay {FIGURE}", (press("Delete"),)),
}


def fill(runs: Path) -> None:
    """The runs that the pages show: an experiment with both heads."""
    for head in ("many_to_one", "many_to_many"):
        finished_run(runs, ModelConfig(units=8, head=head))
