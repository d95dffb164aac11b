"""The command draw: a picture for a digit and a style."""

import numpy as np
from PIL import Image

from mnist_rnn.__main__ import main
from mnist_rnn.digits.handwriting import at_random
from mnist_rnn.network.drawer import Drawer
from tests.commands.command_line import fails


def test_drawing_a_digit(drawer_file, tmp_path, capsys) -> None:
    out = tmp_path / "seven.png"
    command = ["draw", "--digit", "7", "--weights", str(drawer_file), "--out", str(out)]
    pictures = []
    for style in ([], ["--style=-1,0,2"], ["--seed", "3"], ["--seed", "3", "--style=1"]):
        assert main([*command, *style]) == 0
        with Image.open(out) as picture:
            assert picture.size == (280, 280)
            pictures.append(np.asarray(picture)[5::10, 5::10])
    assert capsys.readouterr().out.splitlines() == [str(out)] * 4
    drawer = Drawer.load(drawer_file)
    np.testing.assert_array_equal(pictures[0], drawer.draw(7).image)
    np.testing.assert_array_equal(pictures[1], drawer.draw(7, np.array([-1, 0, 2, 0])).image)
    seeded = at_random(1, 4, np.random.default_rng(3))[0]
    np.testing.assert_array_equal(pictures[2], drawer.draw(7, seeded).image)
    np.testing.assert_array_equal(pictures[3], drawer.draw(7, np.append(1, seeded[1:])).image)


def test_bad_drawings_are_one_line(capsys, tmp_path, drawer_file, reader_file, image_file) -> None:
    rest = ("--weights", drawer_file, "--out", tmp_path / "a.png")
    assert "--digit" in fails(capsys, "draw", "--digit", 10, *rest)
    assert "numbers separated" in fails(capsys, "draw", "--digit", 1, "--style", "bold", *rest)
    assert "at most 4" in fails(capsys, "draw", "--digit", 1, "--style", "1,2,3,4,5", *rest)
    assert "finite" in fails(capsys, "draw", "--digit", 1, "--style", "nan", *rest)
    assert "--seed" in fails(capsys, "draw", "--digit", 1, "--seed", "-1", *rest)
    assert "--size" in fails(capsys, "draw", "--digit", 1, "--size", "0", *rest)
    nowhere = ("--weights", drawer_file, "--out", tmp_path / "none" / "a.png")
    assert "no folder" in fails(capsys, "draw", "--digit", 1, *nowhere)
    reader = ("--weights", reader_file, "--out", tmp_path / "a.png")
    assert "does not draw" in fails(capsys, "draw", "--digit", 1, *reader)
    assert "does not read" in fails(capsys, "read", image_file, "--weights", drawer_file)
    assert "leave out" in fails(capsys, "evaluate", drawer_file, "--pen-digits", tmp_path)
    training = ("train", "--head", "one_to_many", "--non-digits", "0.1", "--out", tmp_path / "b")
    assert "names no class" in fails(capsys, *training)
    backbone = ("train", "--head", "one_to_one", "--backbone", "cnn_rnn", "--out", tmp_path / "b")
    assert "backbone rnn only" in fails(capsys, *backbone)
