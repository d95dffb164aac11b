"""What can be chosen: the network and its training.

Pages, command line, the weights' metadata and run folders are all made from these two tables.
"""

from dataclasses import dataclass
from typing import NamedTuple

from mnist_rnn.errors import UserError
from mnist_rnn.recurrent_config import DROPOUTS, RecurrentConfig
from mnist_rnn.settings import BaseConfig, setting, settings

ROWS, COLUMNS, CLASSES = 28, 28, 10
# The recurrent layers, as Keras calls them, by cell.
LAYERS = {"simple_rnn": "SimpleRNN", "gru": "GRU", "lstm": "LSTM"}
# The heads of networks that read an image row by row.
READING_HEADS = ("many_to_one", "many_to_many")


@dataclass(frozen=True)
class ModelConfig(BaseConfig):
    """Which network reads the digit, or draws it."""

    backbone: str = setting(
        "rnn",
        "Backbone",
        "What turns the image into a sequence: its own rows, or the feature maps of two "
        "convolutions.",
        choices=("rnn", "cnn_rnn"),
    )
    head: str = setting(
        "many_to_one",
        "When is it asked?",
        "What goes in and what comes out: rows in and one class after the last, rows in and a "
        "class after each, the whole image in and one class, or a class in and rows out.",
        choices=(*READING_HEADS, "one_to_one", "one_to_many"),
    )
    cell: str = setting(
        "simple_rnn",
        "Cell",
        "The recurrent layer: the plain cell of 2016, or one with gates that guard its memory.",
        choices=(*LAYERS,),
    )
    units: int = setting(
        50, "Hidden units", "How many numbers the network remembers.", minimum=1, maximum=512
    )
    order: str = setting(
        "map_major",
        "Reading order",
        "CNN+RNN only: map by map as in 2016 (224 timesteps of 28) or row by row through all maps "
        "at once (28 timesteps).",
        choices=("map_major", "row_major"),
    )
    filters: int = setting(
        8, "Filters", "CNN+RNN only: feature maps in each convolution.", minimum=1, maximum=32
    )
    activation: str = setting(
        "linear",
        "Convolution activation",
        "CNN+RNN only: what follows each convolution; in 2016 nothing did.",
        choices=("linear", "relu"),
    )
    rnn_activation: str = setting(
        "tanh",
        "RNN activation",
        "SimpleRNN only: what follows the sum. Tanh keeps a memory between -1 and 1, sigmoid "
        "between 0 and 1; relu and linear let it grow.",
        choices=("tanh", "relu", "sigmoid", "linear"),
    )
    scaling: str = setting(
        "once",
        "Division by 255",
        "Once brings pixels to [0, 1]; twice repeats the slip of the 2016 post.",
        choices=("once", "twice"),
    )

    styles: int = setting(
        12,
        "Style numbers",
        "One-to-many only: how many numbers, besides the class, say how a digit is to be drawn.",
        minimum=0,
        maximum=32,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.backbone == "cnn_rnn" and self.head not in READING_HEADS:
            why = "takes the image as it is" if self.head == "one_to_one" else "reads no image"
            raise UserError(f"The head {self.head} {why}: it goes with the backbone rnn only.")
        # Equal networks get equal configs.
        idle = idle_settings(self.backbone, self.head, self.cell)
        for name in idle & settings(type(self)).keys():
            object.__setattr__(self, name, type(self).__dataclass_fields__[name].default)

    @property
    def timesteps(self) -> int:
        """How many steps the network takes over one image; without recurrence it is one."""
        if self.head == "one_to_one":
            return 1
        map_by_map = self.backbone == "cnn_rnn" and self.order == "map_major"
        return self.filters * ROWS if map_by_map else ROWS

    @property
    def features(self) -> int:
        """How many numbers the network takes in at each timestep."""
        if self.head == "one_to_one":
            return ROWS * COLUMNS
        if self.head == "one_to_many":
            return CLASSES + self.styles
        row_by_row = self.backbone == "cnn_rnn" and self.order == "row_major"
        return self.filters * COLUMNS if row_by_row else COLUMNS

    @property
    def outputs(self) -> int:
        """How many numbers the head gives at a timestep: one a class, or one a pixel of a row."""
        return COLUMNS if self.head == "one_to_many" else CLASSES


def idle_settings(backbone: str, head: str, cell: str) -> set[str]:
    """The settings, by name, that make no difference with this backbone, head and cell."""
    names = {"scaling"} if head == "one_to_many" else {"styles"}
    if backbone == "rnn":
        names |= {"order", "filters", "activation"}
    if head == "one_to_one":
        names |= {"cell", *settings(RecurrentConfig)}
    if head == "one_to_one" or cell != "simple_rnn":
        names |= {"rnn_activation", *DROPOUTS}
    return names


@dataclass(frozen=True)
class TrainConfig(RecurrentConfig):
    """How the network is trained."""

    epochs: int = setting(
        20, "Epochs", "How often it sees every training image.", minimum=1, maximum=1000
    )
    learning_rate: float = setting(
        0.001, "Learning rate", "The size of each step of the optimizer.", minimum=1e-6, maximum=10
    )
    batch_size: int = setting(
        100, "Batch size", "How many images make one step.", minimum=1, maximum=5000
    )
    train_images: int = setting(
        50_000,
        "Training images",
        "How many of the 50,000 it may learn from.",
        minimum=100,
        maximum=50_000,
    )
    seed: int = setting(
        0, "Seed", "The same seed gives the same curve.", minimum=0, maximum=2**31 - 1
    )
    optimizer: str = setting(
        "rmsprop",
        "Optimizer",
        "The rule that turns a gradient into a step. RMSprop of 2016 takes full steps along the "
        "smallest gradients too, as in Keras 1.0.6.",
        choices=("rmsprop", "adam", "sgd", "rmsprop_2016"),
    )
    schedule: str = setting(
        "constant",
        "Schedule",
        "Keep the learning rate, or let it fall to zero along a cosine.",
        choices=("constant", "cosine"),
    )

    writers: str = setting(
        "mnist",
        "Who wrote the digits",
        "The training digits: those of MNIST alone, or in a fifth of the places what people drew "
        "with a pen, ones with a flag and zeros with a slash among them.",
        choices=("mnist", "mnist_and_pens"),
    )
    augmentation: str = setting(
        "none",
        "Augmentation",
        "Show the images as they are, or turned, slanted, stretched and moved anew each epoch; "
        "level hardly moves them up or down, so that each row stays where it was.",
        choices=("none", "affine", "affine_level"),
    )
    augmented_share: float = setting(
        1.0,
        "Share augmented",
        "With augmentation: how many of the images are changed in each epoch, other ones each "
        "time; the rest are shown as they are.",
        minimum=0,
        maximum=1,
    )
    clip_norm: float = setting(
        0.0,
        "Gradient clipping",
        "The longest that a gradient may be; 0 lets it be as long as it likes.",
        minimum=0,
        maximum=1000,
    )
    non_digits: float = setting(
        0.0,
        "Non-digits",
        "The share of training images replaced by scribbles and the like, to learn doubt from.",
        minimum=0,
        maximum=0.5,
    )
    calibration: str = setting(
        "none",
        "Calibration",
        "Take the probabilities as they are, or temper them so that they are right as often as "
        "they say.",
        choices=("none", "temperature"),
    )

    timestep_weights: str = setting(
        "equal",
        "Weight of each row",
        "Many-to-many only: every row counts the same in the loss, or the first rows, which hold "
        "no ink, count little and the middle and the last ones more.",
        choices=("equal", "graded"),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.batch_size > self.train_images:
            raise UserError(
                f"batch_size ({self.batch_size}) must not be larger than train_images "
                f"({self.train_images})."
            )


def check_pair(model: ModelConfig, train: TrainConfig) -> None:
    """Raise UserError if a network cannot be trained that way."""
    if model.head == "one_to_many" and (train.non_digits or train.calibration != "none"):
        raise UserError(
            "The head one_to_many names no class: it goes with non_digits 0 and calibration none."
        )
    idle = idle_settings(model.backbone, model.head, model.cell)
    if any(getattr(train, name) for name in idle.intersection(DROPOUTS)):
        raise UserError("dropout and recurrent_dropout go with a recurrent layer simple_rnn only.")


class Config(NamedTuple):
    """A network and its training."""

    model: ModelConfig = ModelConfig()
    train: TrainConfig = TrainConfig()
