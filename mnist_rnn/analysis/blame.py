"""Which ink and which earlier memory an answer rests on: exact gradients of the answer's score.

The score of a class is its logit, not its probability, which saturates where the network is sure
(K. Simonyan, A. Vedaldi & A. Zisserman, Deep inside convolutional networks, 2013). Its gradient
with respect to the memory at earlier timesteps is what vanishes or explodes (R. Pascanu, T.
Mikolov & Y. Bengio, On the difficulty of training recurrent neural networks, 2013).
"""

from dataclasses import dataclass

import numpy as np

from mnist_rnn.config import COLUMNS, ROWS, ModelConfig
from mnist_rnn.network.cells import cell_of, through_time
from mnist_rnn.network.reader import Reader, convolve, to_input
from mnist_rnn.network.weights import Tensors


@dataclass(frozen=True)
class Blame:
    """What the score of `answer`, a class, after the last of some timesteps rests on.

    ink: (28, 28), gradient times input: how far each pixel's ink raises the score, negative
        where it lowers it, to first order.
    memory: (timesteps,), the length of the gradient with respect to the state after each
        timestep, in shares of that after the last one.
    """

    answer: int
    ink: np.ndarray
    memory: np.ndarray

    @property
    def by_row(self) -> np.ndarray:
        """Each row's share of all ink that counts for or against, (28,); sums to 1, or all 0."""
        amount = np.abs(self.ink).sum(1)
        return amount / (amount.sum() or 1)


def blame(reader: Reader, image: np.ndarray, timestep: int) -> Blame:
    """What a reader's answer on an image (28, 28) rests on after `timestep` timesteps, from 1."""
    sequence = reader.sequence(image[None])
    states = list(reader.states(sequence[:, :timestep]))
    answer = int(reader.readout(states[-1][0][0]).argmax())
    d_hidden = reader.tensors["head.kernel"][None, :, answer]
    gradient = (d_hidden, *(np.zeros_like(d_hidden) for _ in states[-1][1:]))
    d_read, d_states = through_time(
        cell_of(reader.config), sequence[0, :timestep], states, gradient, reader.tensors
    )
    d_sequence = np.zeros_like(sequence[0])
    d_sequence[:timestep] = d_read
    ink = to_input(image, reader.config.scaling)
    lengths = np.linalg.norm(d_states, axis=1)
    return Blame(
        answer,
        ink * pixel_gradient(reader.config, reader.tensors, ink, d_sequence),
        lengths / (lengths[-1] or 1),
    )


def pixel_gradient(
    config: ModelConfig, w: Tensors, pixels: np.ndarray, d_sequence: np.ndarray
) -> np.ndarray:
    """From the gradient with respect to the sequence that is read, (timesteps, features), to that
    with respect to the pixels (28, 28) which it was made of: the same, unless by convolutions.

    The gradient of a convolution that keeps the size is one with the kernel turned by 180
    degrees (V. Dumoulin & F. Visin, A guide to convolution arithmetic for deep learning, 2016).
    """
    if config.backbone == "rnn":
        return d_sequence
    layers = ("conv1", "conv2")
    maps = pixels[None, ..., None]  # (1, 28, 28, 1)
    outputs = []
    for layer in layers:
        maps = convolve(maps, w[f"{layer}.kernel"], w[f"{layer}.bias"])
        outputs.append(maps)
        if config.activation == "relu":
            maps = np.maximum(maps, 0)
    if config.order == "map_major":
        gradient = d_sequence.reshape(config.filters, ROWS, COLUMNS).transpose(1, 2, 0)
    else:
        gradient = d_sequence.reshape(ROWS, config.filters, COLUMNS).transpose(0, 2, 1)
    gradient = gradient[None]  # (1, 28, 28, filters)
    for layer, output in zip(reversed(layers), reversed(outputs), strict=True):
        if config.activation == "relu":
            gradient = gradient * (output > 0)
        turned = w[f"{layer}.kernel"][::-1, ::-1].transpose(0, 1, 3, 2)
        gradient = convolve(gradient, turned, np.zeros(turned.shape[-1], turned.dtype))
    return gradient[0, ..., 0]
