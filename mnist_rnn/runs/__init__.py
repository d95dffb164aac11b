"""Trainings, each in a folder of its own: what they are, who may change them, whose turn it is."""

from mnist_rnn.runs.housekeeping import create
from mnist_rnn.runs.run import NO_SUCH_RUN, Run, find, runs_folder

__all__ = ["NO_SUCH_RUN", "Run", "create", "find", "runs_folder"]
