"""Trainings, each in a folder of its own: what they are, who may change them, whose turn it is."""

from mnist_rnn.runs.run import (
    CONFIG,
    NO_SUCH_RUN,
    Run,
    create,
    find,
    list_runs,
    not_kept,
    runs_folder,
)

__all__ = [
    "CONFIG",
    "NO_SUCH_RUN",
    "Run",
    "create",
    "find",
    "list_runs",
    "not_kept",
    "runs_folder",
]
