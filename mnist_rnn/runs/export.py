"""A run's metrics as a table for other programs."""

import csv
import io

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


def metrics_csv(metrics: Metrics) -> str:
    """One line an epoch, as RFC 4180 describes: losses in nats, accuracies as fractions.

    After the last row, then after each row (or timestep, for networks that take more of them).
    """
    timesteps = len(metrics.epochs[0].validation_accuracy_by_timestep) if metrics.epochs else 0
    unit = "row" if timesteps == ROWS else "timestep"
    steps = [f"validation_accuracy_after_{unit}_{step}" for step in range(1, timesteps + 1)]
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow([*_COLUMNS, *steps])
    for epoch in metrics.epochs:
        values = [getattr(epoch, name) for name in _COLUMNS]
        table.writerow([*values, *epoch.validation_accuracy_by_timestep])
    return text.getvalue()
