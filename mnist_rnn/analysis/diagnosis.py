"""What is wrong with a training, as far as its curves alone can tell."""

import math
from typing import Literal

import numpy as np

from mnist_rnn.config import CLASSES
from mnist_rnn.runs.metrics import Curves

Diagnosis = Literal["diverging", "guessing", "overfitting"]

# The cross-entropy of giving every class the same probability, in nats.
GUESSING_LOSS = math.log(CLASSES)
# Where trainings that learn never are, not even in their first steps.
DIVERGING_LOSS = 1.5 * GUESSING_LOSS
# Always naming the most frequent class is right on 11.4% of the digits.
GUESSING_ACCURACY = 0.15
RECENT = 3
# How far validation is above its best, and above training, when images are learned by heart.
OVERFITTING_RISE, OVERFITTING_GAP = 1.15, 1.5


def diagnose(curves: Curves) -> Diagnosis | None:
    """The one thing that is wrong with the training of a classifier, None if nothing is plain.

    "diverging": the last three chunks have a loss far above that of guessing.
    "guessing": after each of the last three epochs it was right no more often than by chance.
    "overfitting": over the last three epochs the validation loss is well above its lowest, while
    the training loss has fallen since then.
    """
    if _diverging(curves):
        return "diverging"
    recent = curves.validation_accuracy[-RECENT:]
    if len(recent) == RECENT and recent.max() < GUESSING_ACCURACY:
        return "guessing"
    return "overfitting" if _overfitting(curves) else None


def _diverging(curves: Curves) -> bool:
    recent = curves.chunk_loss[-RECENT:]
    if len(recent) < RECENT or recent.min() < DIVERGING_LOSS:
        return False
    return bool(curves.chunk_accuracy[-RECENT:].mean() < 0.5)


def _overfitting(curves: Curves) -> bool:
    """Whether validation got worse since its best epoch while training got better."""
    losses = curves.validation_loss
    if len(losses) <= RECENT:
        return False
    best, recent = int(losses.argmin()), losses[-RECENT:].min()
    then, now = (_training_loss(curves, curves.epoch[place]) for place in (best, -1))
    return bool(
        recent > OVERFITTING_RISE * losses[best] and recent > OVERFITTING_GAP * now and now < then
    )


def _training_loss(curves: Curves, epoch: float) -> float:
    """The mean training loss of the chunks of one epoch; nan if there were none."""
    chunks = (curves.chunk_epoch > epoch - 1) & (curves.chunk_epoch <= epoch)
    return float(np.mean(curves.chunk_loss[chunks])) if chunks.any() else math.nan
