"""A journey through the four wirings in a real browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_rnn.figures.wirings.unrolled import lit
from tests.app_server import PROJECT

pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)
# The row of the scan line, and by layer the pack whose box is lit.
STOPPED_AT = """() => {
    const figure = document.querySelector('.st-key-running .js-plotly-plot');
    const shapes = figure?.layout?.shapes ?? [];
    const packs = shapes.slice(2, 5).map(s => Math.round((s.x0 + s.x1) / 2));
    return [shapes[1]?.y0 ?? null, packs.map(pack => pack < 0 ? null : pack)];
}"""
PAUSED = f"""async () => {{
    const before = ({STOPPED_AT})();
    await new Promise(later => setTimeout(later, 1000));
    return before[0] < 28 && before[0] === ({STOPPED_AT})()[0];
}}"""
# A figure that is drawn six times in 0.6 s; what presses its button is told how often it was.
DRAWN_AGAIN = """() => {
    document.body.innerHTML =
        '<p class="st-key-running"><i class="js-plotly-plot"><b class="updatemenu-button"></b></i>';
    const figure = document.querySelector('i');
    figure.on = figure.addEventListener;
    figure.removeListener = figure.removeEventListener;
    let drawn = 1;
    const again = setInterval(() => {
        figure.dispatchEvent(new Event('plotly_afterplot'));
        if (++drawn === 6) clearInterval(again);
    }, 120);
    window.pressed = new Promise(told => document.querySelector('b').onclick = () => told(drawn));
}"""
REACHED = f"row => ({STOPPED_AT})()[0] >= row"


def figure(page: Page) -> Locator:
    return page.locator(".st-key-running .js-plotly-plot")


def button(page: Page, name: str) -> Locator:
    return figure(page).locator(".updatemenu-button").filter(has_text=name)


def written(page: Page, text: str) -> Locator:
    return figure(page).locator(".annotation-text").filter(has_text=re.compile(text))


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    expect(written(page, f"^{name}$")).to_be_visible()
    expect(button(page, "Play")).to_have_count(0)


def assert_in_step(page: Page, head: str) -> None:
    """The boxes that are lit are those of the row that the line is below."""
    # Streamlit keeps the last diagram, without a height, for a moment beside the new one.
    expect(figure(page)).to_have_count(1)
    row, packs = page.evaluate(STOPPED_AT)
    working = {box.layer: box.pack for box in lit(head, row)}
    assert packs == [working.get(layer) for layer in ("input", "hidden", "output")]
    expect(written(page, f"^row {row}$")).to_be_visible()


def test_it_plays_by_itself_only_when_it_is_not_drawn_again(browser_page):
    page = browser_page
    page.evaluate(DRAWN_AGAIN)
    script = (PROJECT / "assets" / "play.html").read_text(encoding="utf-8")
    page.add_script_tag(content=script.partition("<script>")[2].rpartition("</script>")[0])
    assert page.evaluate("pressed") == 6


def test_all_four_are_predicted_revealed_played_and_stepped_through(browser_page, app_url):
    page = browser_page
    page.goto(f"{app_url}/wirings?wiring=many-to-one")
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
    expect(page.get_by_role("radio", name="many-to-one", exact=True)).to_be_checked()

    page.get_by_role("radio", name="rows 22 to 28").click()
    expect(page.get_by_text("you said rows 22 to 28")).to_be_visible()
    # It plays by itself, once.
    page.wait_for_function(REACHED, arg=10)
    page.wait_for_function(REACHED, arg=28)
    assert_in_step(page, "many_to_one")
    expect(written(page, r"^5, >?\d+% sure$")).to_be_visible()

    choose(page, "many-to-many")
    page.get_by_role("radio", name="rows 1 to 7").click()
    page.wait_for_function(REACHED, arg=2)
    button(page, "Pause").click()
    page.wait_for_function(PAUSED)
    assert_in_step(page, "many_to_many")
    # One step on the slider is one row.
    rail = figure(page).locator(".slider-rail-touch-rect")
    rail.scroll_into_view_if_needed()
    groove = rail.bounding_box()
    for row in (1, 14, 28):
        page.mouse.click(groove["x"] + groove["width"] * (row - 1) / 27, groove["y"] + 3)
        page.wait_for_function(f"() => ({STOPPED_AT})()[0] === {row}")
        assert_in_step(page, "many_to_many")

    choose(page, "one-to-one")
    page.get_by_role("button", name="Just show me").click()
    expect(written(page, r"^5, >?\d+% sure$")).to_be_visible()
    expect(page.get_by_text("One-to-one cannot be asked")).to_be_visible()

    # A click on its picture chooses a wiring too.
    page.locator(".st-key-overview-one_to_many .js-plotly-plot").click()
    expect(page).to_have_url(re.compile("wiring=one-to-many"))
    page.get_by_role("radio", name="yes, to the last row").click()
    page.wait_for_function(REACHED, arg=28)
    expect(written(page, "^read as 5$")).to_be_visible()
    page.get_by_role("radio", name="3", exact=True).click()
    expect(page.get_by_text("Asked for a 3")).to_be_visible()
    expect(written(page, "^read as 3$")).to_be_visible()
    assert_in_step(page, "one_to_many")
