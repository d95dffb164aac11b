"""Whether probabilities mean what they say, and how they are made to.

A reader is calibrated if it is right in 90 of 100 readings to which it gives a probability of 90%.
"""

from dataclasses import replace

import numpy as np

from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.pen_digits import pen_images
from mnist_rnn.evaluation.accuracy import measured, traces
from mnist_rnn.network.reader import Reader
from mnist_rnn.network.weights import COLDEST, HOTTEST, Card, Tensors

BINS = 15
_GOLDEN = (5**0.5 - 1) / 2
_SEARCH_STEPS = 40


def calibration_error(confidences: np.ndarray, right: np.ndarray, bins: int = BINS) -> float:
    """By how much confidence and accuracy differ: the expected calibration error.

    confidences: (n,) probabilities of the answers; right: (n,) bool. Readings are put into equally
    wide bins by confidence, the upper edge belonging to a bin; the error is the mean over readings
    of the distance between their bin's mean confidence and its accuracy, from 0 to 1.
    M. Naeini, G. Cooper and M. Hauskrecht, Obtaining well calibrated probabilities using Bayesian
    binning (2015); C. Guo, G. Pleiss, Y. Sun and K. Weinberger, On calibration of modern neural
    networks (2017).
    """
    places = np.clip(np.ceil(confidences * bins).astype(int) - 1, 0, bins - 1)
    # In a bin, the sum of (confidence - right) is its count times the gap of the means.
    gaps = np.bincount(places, confidences - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidences))


def last_logits(reader: Reader, images: np.ndarray) -> np.ndarray:
    """The logits (n, 10) after the last timestep of n images (n, 28, 28)."""
    return np.concatenate([trace.logits[:, -1] for trace in traces(reader, images)])


def best_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The number by which to divide logits (n, 10) so that labels (n,) are likeliest.

    Temperature scaling (Guo et al. 2017). The likelihood has one peak along 1 / temperature, so a
    golden-section search finds it; it ends at COLDEST or HOTTEST if the peak lies beyond.
    """

    def loss(log_temperature: float) -> float:
        scaled = logits.astype(float) / np.exp(log_temperature)
        scaled -= scaled.max(1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(1)) - scaled[rows, labels]).mean())

    rows = np.arange(len(labels))
    low, high = np.log(COLDEST), np.log(HOTTEST)
    for _ in range(_SEARCH_STEPS):
        step = _GOLDEN * (high - low)
        if loss(high - step) <= loss(low + step):
            high = low + step
        else:
            low = high - step
    return float(np.exp((low + high) / 2))


def tempered(tensors: Tensors, temperature: float) -> Tensors:
    """The weights whose logits are those of `tensors` divided by the temperature.

    The answers stay the same, only how sure they are changes.
    """
    head = {name: tensors[name] / np.float32(temperature) for name in ("head.kernel", "head.bias")}
    return tensors | head


def as_trained(reader: Reader) -> Reader:
    """The reader as it was before it was calibrated."""
    card = replace(reader.card, temperature=1.0)
    return Reader(tempered(reader.tensors, 1 / reader.card.temperature), card)


def finished(tensors: Tensors, card: Card) -> tuple[Tensors, Card]:
    """The weights and the card with which a training ends: calibrated if it is to be, measured.

    The temperature is found after the last timestep on validation digits: the 10,000 of MNIST, and
    those of pens if the network learnt from pens. Accuracies are of the test digits. Raises
    UserError if the images are missing.
    """
    if card.train.calibration == "temperature":
        digits = load_digits("validation")
        if card.train.writers == "mnist_and_pens":
            digits = digits.and_those(pen_images("validation"))
        logits = last_logits(Reader(tensors, card), digits.images)
        temperature = best_temperature(logits, digits.labels)
        tensors = tempered(tensors, temperature)
        card = replace(card, temperature=temperature)
    return tensors, measured(tensors, card)
