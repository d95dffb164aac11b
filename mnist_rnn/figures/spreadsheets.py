"""Tables for other programs: a run's metrics, and words that no spreadsheet computes with."""

import csv
import io
import re
from collections.abc import Mapping

from mnist_rnn.config import ROWS
from mnist_rnn.runs.metrics import Metrics

_COLUMNS = (
    "epoch",
    "seconds",
    "learning_rate",
    "loss",
    "accuracy",
    "validation_loss",
    "validation_accuracy",
)

# A spreadsheet takes what begins so for a formula, in some countries behind a semicolon as well.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])|^(?=[\t\r])")


def as_cell(value: object) -> object:
    """A value for a cell of a table that may become a CSV file: text is no formula there.

    What a spreadsheet would compute gets an apostrophe before it, as OWASP advises (CSV injection);
    numbers stay as they are, negative ones too.
    """
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def metrics_csv(of_heads: Mapping[str, Metrics]) -> str:
    """One line an epoch of each head, as RFC 4180 describes: losses in nats, accuracies fractions.

    After the last row, then after each row (or timestep, for networks that take more of them).
    """
    epochs = [(head, epoch) for head, metrics in of_heads.items() for epoch in metrics.epochs]
    timesteps = len(epochs[0][1].validation_accuracy_by_timestep) if epochs else 0
    unit = "row" if timesteps == ROWS else "timestep"
    steps = [f"validation_accuracy_after_{unit}_{step}" for step in range(1, timesteps + 1)]
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["head", *_COLUMNS, *steps])
    for head, epoch in epochs:
        values = [getattr(epoch, name) for name in _COLUMNS]
        table.writerow([head, *values, *epoch.validation_accuracy_by_timestep])
    return text.getvalue()
