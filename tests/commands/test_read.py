"""The command read, and files that neither it nor others can use."""

import json

import numpy as np

from mnist_rnn.__main__ import main
from mnist_rnn.network.catalog import SHIPPED, WIRINGS
from tests.commands.command_line import fails


def test_reading_an_image(reader_file, image_file, capsys) -> None:
    command = ["read", str(image_file), "--weights", str(reader_file)]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["answer"] == int(np.argmax(found["probabilities"]))
    assert found["answer"] == found["answer_by_timestep"][-1]
    assert np.shape(found["probabilities_by_timestep"]) == (28, 10)
    assert main(command) == 0
    assert capsys.readouterr().out.startswith(f"{found['answer']} (")


def test_network_that_takes_the_whole_image_at_once_has_no_timesteps_to_tell(
    image_file, capsys
) -> None:
    file = str(SHIPPED / "one_to_one-classroom.safetensors")
    assert main(["read", str(image_file), "--weights", file]) == 0
    assert main(["evaluate", file]) == 0
    shown = capsys.readouterr().out
    assert "by digit" in shown
    assert "timestep" not in shown


def test_bad_files_are_one_line(capsys, tmp_path, reader_file, image_file) -> None:
    gone = tmp_path / "gone"
    assert "gone" in fails(capsys, "evaluate", gone)
    assert "damaged" in fails(capsys, "evaluate", reader_file, image_file)
    assert "gone" in fails(capsys, "read", gone, "--weights", reader_file)
    assert "damaged" in fails(capsys, "read", image_file, "--weights", image_file)
    assert fails(capsys, "read", reader_file, "--weights", reader_file)
    page = ["page", tmp_path / "page.html", "--weights"]
    assert "gone" in fails(capsys, *page, reader_file, gone)
    assert "damaged" in fails(capsys, *page, image_file)
    assert "at most 3" in fails(capsys, *page, *[reader_file] * 4)
    assert "does not read" in fails(capsys, *page, WIRINGS["one_to_many"].path)
    assert "no rows" in fails(capsys, *page, WIRINGS["one_to_one"].path)
    assert not (tmp_path / "page.html").exists()
