"""Where the parts of the stage's picture stand: nothing overlaps, nothing leaves the picture."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("open_row", [0, 1, 13, 28])
def test_each_row_is_found_where_it_stands(stage: Page, open_row: int) -> None:
    lines, found, stretches = stage.evaluate(
        """open => {
            const rows = new Rows(24, 400, open, 196);
            const all = [...Array(29).keys()];
            const middle = row => (rows.at(row - 1) + rows.at(row)) / 2;
            return [
                all.map(row => rows.at(row)),
                all.slice(1).map(row => rows.rowAt(middle(row))),
                rows.stretches(28),
            ];
        }""",
        open_row,
    )
    assert (lines[0], lines[-1]) == (24, 424)
    heights = [below - above for above, below in pairwise(lines)]
    assert min(heights) > 7
    assert found == list(range(1, 29))
    covered = {row for start, end in stretches for row in range(start + 1, end + 1)}
    assert covered == set(range(1, 29)) - {open_row}


@pytest.mark.parametrize("width", [300, 358, 986, 1564])
@pytest.mark.parametrize("by_map", [[False], [False, True], [False, False, True]])
@pytest.mark.parametrize("open_row", [0, 12])
def test_panels_stand_side_by_side(
    stage: Page, width: int, by_map: list[bool], open_row: int
) -> None:
    phone = width < 640
    room = {"width": width, "height": 420, "rem": 16, "phone": phone, "tight": False}
    layout: dict[str, Any] = stage.evaluate(
        "room => layOut(room)", {**room, "byMap": by_map, "open": open_row, "openHeight": 200}
    )
    spans = [{"x": 0, "width": layout["axis"]}, layout["digit"]]
    for place in layout["networks"]:
        spans += [place["memory"]] if phone else [place["maps"], place["memory"], place["answers"]]
    for left, right in pairwise(spans):
        assert left["x"] + left["width"] <= right["x"] + 1e-6
        assert right["width"] >= 0
    assert spans[-1]["x"] + spans[-1]["width"] <= width
    assert layout["rows"]["rowHeight"] >= (7 if open_row else 10)
    assert layout["rows"]["bottom"] <= layout["height"]
