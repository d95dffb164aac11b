"""What can be chosen of the recurrent layer in training, as the post of 2016 lists its parameters.

Each is called here as in today's Keras; its label begins with its name in Keras 1. They are those
of all cells, but for dropout, which only a SimpleRNN has here.
"""

from dataclasses import dataclass

from mnist_rnn.settings import BaseConfig, setting

_RANDOM = ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform")
_FIXED = ("normal", "uniform")
_PENALTIES = ("none", "l1", "l2")
DROPOUTS = ("dropout", "recurrent_dropout")


@dataclass(frozen=True)
class RecurrentConfig(BaseConfig):
    """How the weights of the recurrent layer begin, and what keeps them from learning by heart."""

    kernel_init: str = setting(
        "glorot_uniform",
        "init",
        "How the input weights W begin: the wider, the fewer numbers come in (he, lecun) or come "
        "in and go out (glorot); normal and uniform have one width, 0.05.",
        choices=(*_RANDOM, *_FIXED),
    )
    recurrent_init: str = setting(
        "orthogonal",
        "inner_init",
        "How the recurrent weights U begin: orthogonal hands a memory on at its full length, that "
        "of 2016 at 1.1 times its length as in Keras 1.0.6; forgetful, at a tenth of it, loses it "
        "within a few timesteps; identity hands it on as it is.",
        choices=("orthogonal", "orthogonal_2016", "forgetful", "identity", _RANDOM[0], *_FIXED),
    )
    kernel_regularizer: str = setting(
        "none",
        "W_regularizer",
        "Adds to the loss the size of the input weights: of each (l1) or of its square (l2).",
        choices=_PENALTIES,
    )
    recurrent_regularizer: str = setting(
        "none", "U_regularizer", "The same for the recurrent weights.", choices=_PENALTIES
    )
    bias_regularizer: str = setting(
        "none", "b_regularizer", "The same for the bias.", choices=_PENALTIES
    )
    regularization: float = setting(
        0.001,
        "Regularization",
        "How much that size counts in the loss, for each of the three.",
        minimum=0,
        maximum=10,
    )
    dropout: float = setting(
        0.0,
        "dropout_W",
        "SimpleRNN only: the share of the inputs left out in training: other ones "
        "for each image, the same at all its timesteps.",
        minimum=0,
        maximum=0.9,
    )
    recurrent_dropout: float = setting(
        0.0,
        "dropout_U",
        "SimpleRNN only: the same for the hidden state on its way to the next timestep.",
        minimum=0,
        maximum=0.9,
    )
