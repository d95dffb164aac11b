"""The pen digits that ship: each writer in one part, and the lines that the pens drew."""

import numpy as np
import pytest

from mnist_rnn.digits import pen_digits as module
from mnist_rnn.digits.pen_digits import PENS, PenDigit, as_digits, load_pens, pack, pen_images
from mnist_rnn.digits.strokes import Stroke
from mnist_rnn.errors import UserError

PARTS = ("train", "validation", "report")


def drawn(label, donor, *lines):
    return PenDigit(label, donor, [Stroke(np.array(line, float), 20) for line in lines])


def test_no_writer_is_in_two_parts():
    donors = [{digit.donor for digit in load_pens(part)} for part in PARTS]
    assert sum(map(len, donors)) == len(set.union(*donors)) == 152 + 237


def test_every_part_has_many_writers_and_every_digit():
    least = ((8000, 200), (800, 50), (1500, 70))
    for part, (least_digits, least_writers) in zip(PARTS, least, strict=True):
        digits = load_pens(part)
        assert len(digits) >= least_digits
        assert len({digit.donor for digit in digits}) >= least_writers
        images = pen_images(part)
        assert set(images.labels.tolist()) == set(range(10))
        assert len(np.unique(images.images, axis=0)) > 0.95 * len(digits)


def test_what_was_packed_is_nearly_what_was_drawn(tmp_path):
    turn = np.linspace(0, 3 * np.pi, 60)
    curl = 140 + (turn * 10)[:, None] * np.stack([np.sin(turn), -np.cos(turn)], 1)
    cross = [(40.4, 40), (100, 99.8), (240, 240)], [(240, 40), (40, 240)]
    written = [drawn(0, "a", curl), drawn(4, "b", *cross), drawn(1, "a", [(140, 0), (140, 279)])]
    path = tmp_path / "pens.npz"
    pack(written, path)
    read = {digit.label: digit for part in PARTS for digit in load_pens(part, path)}
    assert {digit.donor for digit in read.values()} == {"a", "b"}
    assert [stroke.points.tolist() for stroke in read[4].strokes] == [
        [[40, 40], [240, 240]],
        [[240, 40], [40, 240]],
    ]
    kept = read[0].strokes[0].points
    assert len(kept) < len(curl)
    before, after = (as_digits([digit]).images.astype(int) for digit in (written[0], read[0]))
    assert np.abs(before - after).mean() < 3


def test_who_wrote_most_trains(tmp_path):
    line = [(140, 40), (140, 240)]
    few = [drawn(1, f"few {n}", line) for n in range(40)]
    path = tmp_path / "pens.npz"
    pack([*few, *[drawn(1, "many", line)] * (module._PROLIFIC + 1)], path)
    train, validation, report = ({d.donor for d in load_pens(part, path)} for part in PARTS)
    assert (len(train), len(validation), len(report)) == (27, 6, 8)
    assert "many" in train


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_one_sentence(tmp_path, kept):
    whole = PENS.read_bytes()
    path = tmp_path / "cut.npz"
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(UserError, match=r"cut\.npz are damaged\. Restore it with"):
        load_pens("report", path)


@pytest.mark.parametrize(
    "damage",
    [
        {"labels": lambda x: x + 9},
        {"labels": lambda x: x[1:]},
        {"strokes": lambda x: x + 1},
        {"lengths": lambda x: x[1:]},
        {"steps": lambda x: x[:, :1]},
        {"writers": lambda x: x + 400},
        {"parts": lambda x: x[1:]},
        {"donors": None},
    ],
    ids=lambda damage: next(iter(damage)),
)
def test_a_file_that_does_not_fit_together_is_one_sentence(tmp_path, damage):
    with np.load(PENS) as archive:
        stored = dict(archive)
    for name, change in damage.items():
        values = stored.pop(name)
        if change:
            stored[name] = change(values)
    path = tmp_path / "else.npz"
    np.savez(path, **stored)
    with pytest.raises(UserError, match="are damaged"):
        load_pens("report", path)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match=r"missing at .*gone\.npz\. Restore it with: git checkout"):
        load_pens("train", tmp_path / "gone.npz")
