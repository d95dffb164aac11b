"""What the views of a run are given."""

from dataclasses import dataclass

from mnist_rnn.config import ModelConfig
from mnist_rnn.metrics import Metrics
from mnist_rnn.runs import Run


@dataclass(frozen=True)
class Shown:
    """A run with something to show; `epochs` is where its horizontal axes end."""

    run: Run
    model: ModelConfig
    metrics: Metrics
    epochs: int
    live: bool
