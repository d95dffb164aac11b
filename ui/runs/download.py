"""What can be downloaded of a run."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import streamlit as st

from mnist_rnn.runs.ledger import RunRow


def offer_weights(row: RunRow) -> None:
    """A button for each file of a run's best weights that is there."""
    for path in (row.run.best, row.run.keras_model):
        if path.name in (row.files or ()):
            download(path.read_bytes, f"{row.id}{path.suffix}", key=f"download{path.suffix}")


def download(read: Callable[[], bytes | str], name: str, **more: Any) -> None:
    """A button that says of which kind the file is; `read` is asked once somebody clicks."""
    kind = PurePath(name).suffix
    st.download_button(
        kind,
        read,
        name,
        "text/csv" if kind == ".csv" else "application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        **more,
    )
