"""The boxes and arrows of the four wirings, as every course draws them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn.figures.wirings.unrolled import DiagramBox, arrows, boxes, lit, pack_of, rows_of

EVERY = range(7)
ACROSS = {(DiagramBox("hidden", pack), DiagramBox("hidden", pack + 1)) for pack in range(6)}


def up(*packs: int, of: tuple[str, str]) -> set:
    return {(DiagramBox(of[0], pack), DiagramBox(of[1], pack)) for pack in packs}


@pytest.mark.parametrize(
    ("head", "inputs", "hidden", "outputs"),
    [
        ("one_to_one", [0], [0], [0]),
        ("one_to_many", [0], EVERY, EVERY),
        ("many_to_one", EVERY, EVERY, [6]),
        ("many_to_many", EVERY, EVERY, EVERY),
    ],
)
def test_a_wiring_has_the_inputs_and_outputs_that_its_name_says(head, inputs, hidden, outputs):
    there = boxes(head)
    assert [box.pack for box in there if box.layer == "input"] == list(inputs)
    assert [box.pack for box in there if box.layer == "hidden"] == list(hidden)
    assert [box.pack for box in there if box.layer == "output"] == list(outputs)
    across = set() if head == "one_to_one" else ACROSS
    assert set(arrows(head)) == (
        across | up(*inputs, of=("input", "hidden")) | up(*outputs, of=("hidden", "output"))
    )


@pytest.mark.parametrize(
    ("head", "step", "working"),
    [
        ("one_to_one", 1, {"input", "hidden", "output"}),
        ("one_to_many", 1, {"input", "hidden", "output"}),
        ("one_to_many", 2, {"hidden", "output"}),
        ("one_to_many", 28, {"hidden", "output"}),
        ("many_to_one", 1, {"input", "hidden"}),
        ("many_to_one", 27, {"input", "hidden"}),
        ("many_to_one", 28, {"input", "hidden", "output"}),
        ("many_to_many", 14, {"input", "hidden", "output"}),
    ],
)
def test_only_what_works_at_a_timestep_is_lit(head, step, working):
    assert {box.layer for box in lit(head, step)} == working


@pytest.mark.parametrize(
    ("step", "pack", "rows"), [(1, 0, "1–4"), (4, 0, "1–4"), (5, 1, "5–8"), (28, 6, "25–28")]
)
def test_four_rows_make_a_pack(step, pack, rows):
    assert pack_of(step) == pack
    assert rows_of(pack) == rows


@given(st.sampled_from(["one_to_many", "many_to_one", "many_to_many"]), st.integers(1, 28))
def test_what_is_lit_is_a_box_of_the_wiring_in_the_pack_of_its_row(head, step):
    working = lit(head, step)
    assert set(working) <= set(boxes(head))
    assert {box.pack for box in working} == {pack_of(step)}
