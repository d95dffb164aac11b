"""python -m mnist_rnn: exit status 0, or 2 with one line on standard error."""

import sys

from mnist_rnn.__main__ import main

SMALL = ["--units", "5", "--train-images", "300", "--batch-size", "50", "--epochs", "2"]


def command_line(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "mnist_rnn", *map(str, arguments)]


def fails(capsys, *arguments: object) -> str:
    """The one line that a wrong command leaves on standard error, with exit status 2."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as leaving:
        status = leaving.code
    printed = capsys.readouterr()
    assert status == 2
    assert printed.out == ""
    assert printed.err.endswith("\n")
    assert printed.err.count("\n") == 1
    return printed.err
