"""The curves of several runs in one figure."""

import pytest

from mnist_rnn.figures.palette import PALETTES
from mnist_rnn.figures.runs import MARKERS, Compared, overlay_figure
from mnist_rnn.runs.ledger import curves_of
from tests.run_folders import finished_run


@pytest.mark.parametrize("theme", PALETTES)
def test_six_curves_differ_in_colour_and_marker_and_take_names_as_text(tmp_path, theme):
    curves = curves_of(finished_run(tmp_path))
    alone = [[head] * 6 for head in (None, *PALETTES[theme].heads)]
    for heads in (["many_to_one", "many_to_many"] * 3, *alone, ["one_to_one", "one_to_many"] * 3):
        figure = overlay_figure([Compared(f"<b>{h}</b>", h, curves) for h in heads], theme)
        solid = [trace for trace in figure.data if trace.mode == "lines+markers"][::2]
        assert len({trace.line.color for trace in solid}) == 6
        assert [trace.marker.symbol for trace in solid] == list(MARKERS)
    assert solid[0].name == "&lt;b&gt;one_to_one&lt;/b&gt;"
    assert list(solid[0].y) == [0.5, 0.75]
    # Nobody trains half an epoch.
    assert figure.layout.xaxis.dtick == figure.layout.xaxis2.dtick == 1


@pytest.mark.parametrize("theme", PALETTES)
def test_a_head_has_its_colour_whatever_the_order_of_the_runs(tmp_path, theme):
    curves, colours = curves_of(finished_run(tmp_path)), PALETTES[theme].heads
    pair = ["many_to_one", "many_to_many"]
    for heads in (pair, pair[::-1], ["many_to_one"] * 5):
        figure = overlay_figure([Compared(head, head, curves) for head in heads], theme)
        shown = {trace.line.color: trace.name for trace in figure.data}
        for head in pair:
            assert shown.get(colours[head]) == (head if head in heads else None)
