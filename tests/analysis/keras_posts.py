"""The Keras code that the pages show, run as a reader of the page would run it.

`python -m tests.analysis.keras_posts` writes down anew what Keras says to the mistakes.
"""

import os

from tests.app_server import PROJECT

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import io
import runpy
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import keras
import numpy as np

from mnist_rnn.digits.mnist import load_digits

POSTS = PROJECT / "content" / "keras"
MISTAKES = sorted(POSTS.glob("mistakes/*.py"))
IMAGES, EPOCHS = 300, 3

Fits = list[tuple[np.ndarray, np.ndarray, keras.callbacks.History]]


def run(script: Path) -> tuple[dict[str, Any], Fits]:
    """The names that a script defines, and the input, target and history of each of its fits."""
    keras.backend.clear_session()  # Or the names of its layers would depend on those before it.
    keras.utils.set_random_seed(1)  # So few steps do not learn from every start.
    with _small_and_offline() as fits:
        return runpy.run_path(str(script)), fits


def said_to(mistake: Path) -> str:
    """What a script prints, and the error that ends it."""
    written = io.StringIO()
    with redirect_stdout(written):
        try:
            run(mistake)
        except ValueError as problem:
            print(f"ValueError: {problem}")
    return written.getvalue()


@contextmanager
def _small_and_offline() -> Iterator[Fits]:
    """MNIST from this repository, of which few images are learnt from, in few epochs."""
    digits = load_digits("train").first(IMAGES)
    keras_fit, fits = keras.Model.fit, Fits()

    def fit(model: keras.Model, x: np.ndarray, y: np.ndarray, **options: Any) -> None:
        history = keras_fit(model, x, y, **options | {"epochs": EPOCHS, "verbose": 0})
        fits.append((x, y, history))

    data = (digits.images, digits.labels), (digits.images, digits.labels)
    with (
        patch.object(keras.datasets.mnist, "load_data", lambda: data),
        patch.object(keras.Model, "fit", fit),
    ):
        yield fits


if __name__ == "__main__":
    for path in MISTAKES:
        path.with_suffix(".txt").write_text(said_to(path), encoding="utf-8")
