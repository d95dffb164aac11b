"""Where a training can take place, found out without importing what takes seconds."""

import os
from importlib.util import find_spec

CLUSTER = "RAY_ADDRESS"


def has_tensorflow() -> bool:
    """Whether this Python has TensorFlow, which there is not for every computer."""
    return find_spec("tensorflow") is not None


def can_train() -> bool:
    """Whether this app's trainings have a place: a Ray cluster that is named, or this computer."""
    return bool(os.environ.get(CLUSTER)) or has_tensorflow()
