"""A browser shows what people typed letter by letter, and loads nothing from anywhere else."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mnist_rnn.runs.status import FAILED
from tests.app_server import serving
from tests.doors.hostile import MARKED, SENTENCES
from tests.run_folders import finished_run

pytestmark = pytest.mark.browser

MARKUP = "a, img, code, pre, em, del, table, h1, ul, ol, blockquote, script, .katex, [style*=color]"
ATTACK = "<img src=https://evil.example/n onerror=hacked=1>![x](https://evil.example/m)"


@pytest.fixture
def asked_for(browser_page):
    """The addresses outside of the app that the page asked for."""
    asked = []

    def note(request):
        if "//127.0.0.1" not in request.url and not request.url.startswith(("data:", "blob:")):
            asked.append(request.url)

    browser_page.on("request", note)
    return asked


def test_hostile_text_is_shown_letter_by_letter(browser_page, tmp_path, asked_for):
    with serving(tmp_path, script="tests/doors/hostile_page.py") as server:
        browser_page.goto(server.url)
        alerts = browser_page.get_by_test_id("stAlertContainer")
        texts = [text for text in (*MARKED, *SENTENCES) for _ in range(2)]
        expect(alerts).to_have_count(len(texts), timeout=60_000)
        shown = [text.replace("\u2060", "") for text in alerts.all_inner_texts()]
        assert shown == [text + " And prose." * (place % 2) for place, text in enumerate(texts)]
        assert alerts.locator(MARKUP).count() == 0
        assert alerts.locator("strong").all_inner_texts() == ["And prose."] * (len(texts) // 2)
    assert asked_for == []


def test_a_hostile_run_is_only_text_on_every_page(browser_page, app_url, app_runs, asked_for):
    run = finished_run(app_runs)
    run.mark(name=ATTACK[:60], note=ATTACK, published=True)
    run.set_status(FAILED, ATTACK)
    other = finished_run(app_runs)
    other.mark(name=ATTACK[-60:], note=ATTACK)
    trouble = finished_run(app_runs)
    config = json.loads((trouble.folder / "config.json").read_text())
    config["model"]["cell"] = ATTACK
    (trouble.folder / "config.json").write_text(json.dumps(config))
    for place, ready in (
        ("runs", ".js-plotly-plot"),
        (f"train?run={run.id}", ".js-plotly-plot"),
        (f"train?run={trouble.id}", "[data-testid=stAlert]"),
        (f"train?units={ATTACK}", "[data-testid=stAlert]"),
        (f"train?run={ATTACK}", "[data-testid=stAlert]"),
        (f"?readers={run.id}&source={ATTACK}&row={ATTACK}&view={ATTACK}&show={ATTACK}", ".stage"),
    ):
        browser_page.goto(f"{app_url}/{place}")
        expect(browser_page.locator(ready).first).to_be_visible(timeout=60_000)
        expect(browser_page.get_by_test_id("stAppViewContainer")).to_be_visible()
        browser_page.wait_for_load_state("networkidle")
        outside = browser_page.locator("[src*=evil], [href*=evil]")
        assert [element.evaluate("e => e.outerHTML") for element in outside.all()] == []
        assert browser_page.evaluate("window.hacked") is None
        assert browser_page.get_by_test_id("stException").count() == 0
    assert asked_for == []


FORMULAS = {
    '=HYPERLINK("https://evil.example","Anna")': "@SUM(1)",
    "+1+cmd|' /C calc'!A0": "one\n-2+3\ntwo;=4+5",
    "－１＋２": "- not sure",
    "Berta": "rose to 90% = good",
}


def test_the_csv_of_the_table_of_runs_has_no_formulas(browser_page, app_url, app_runs):
    for name, note in FORMULAS.items():
        finished_run(app_runs).mark(name=name, note=note)
    page = browser_page
    # Without the browser's own dialog for saving, which no script can answer.
    page.add_init_script("delete window.showSaveFilePicker")
    page.goto(f"{app_url}/runs")
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible(timeout=60_000)
    table.hover()
    with page.expect_download() as offered:
        page.get_by_role("button", name=re.compile("Download as CSV")).press("Enter")
    text = Path(offered.value.path()).read_text("utf-8-sig")
    rows = {row["Run"]: row for row in csv.DictReader(text.splitlines(keepends=True))}
    assert {name if name == "Berta" else f"'{name}" for name in FORMULAS} <= set(rows)
    assert rows["Berta"]["Note"] == "rose to 90% = good"
    assert float(rows["Berta"]["Validation"]) == 0.75
    # In some countries a semicolon begins a cell, and a quote in the middle of one is only text.
    cells = [cell for cells in csv.reader(text.splitlines(keepends=True)) for cell in cells]
    begun = [*cells, *re.split(r"[;\r\n]", text.replace('"', ""))]
    assert [cell for cell in begun if cell.strip()[:1] in tuple("=+-@＝＋－＠")] == []
