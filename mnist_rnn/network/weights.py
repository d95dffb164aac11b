"""Trained weights as safetensors: names, shapes, metadata, and the checks before they are used.

A `.keras`, `.h5` or pickle file can run code when it is loaded; a safetensors file is a table of
numbers and nothing else. Still, everything in it is checked before any of it is used.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as parse_safetensors
from safetensors.numpy import save as to_safetensors

from mnist_rnn.config import CLASSES, ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.files import read_at_most, replacing

FORMAT = "1"
LARGEST_FILE_BYTES = 16 * 2**20
LARGEST_HEADER_BYTES = 2**18
# Three layers of the largest network in a row, each of nothing but these, give 3e36; float32 ends
# at 3e38. Weights are seldom larger than 10; the highest learning rate has led to 1e8.
LARGEST_WEIGHT = 1e10
# A network whose best temperature lies beyond these knows nothing, or everything.
COLDEST, HOTTEST = 0.05, 20.0
# Multiplications that take as long as starting a timestep does, measured on two cores.
_TIMESTEP_START = 2e5
_GATES = {"simple_rnn": 1, "gru": 3, "lstm": 4}

Tensors = dict[str, np.ndarray]


@dataclass(frozen=True)
class Card:
    """What is known about trained weights, kept in the same file.

    The accuracies are fractions of the 10,000 test images, None until they are measured:
    `accuracy_by_timestep` has one for each timestep, `accuracy_by_digit` one for each class at
    the last timestep. Of a network that draws, they are how often a reader recognises what it
    draws of the test digits' classes and styles.

    `temperature`, from COLDEST to HOTTEST, is what calibration divided the logits by; 1 is none.
    """

    model: ModelConfig
    train: TrainConfig = field(default_factory=TrainConfig)
    epochs_done: int = 0
    accuracy_by_timestep: tuple[float, ...] | None = None
    accuracy_by_digit: tuple[float, ...] | None = None
    temperature: float = 1.0

    @property
    def test_accuracy(self) -> float | None:
        """The fraction of test images named correctly after the last timestep."""
        return self.accuracy_by_timestep[-1] if self.accuracy_by_timestep else None

    @property
    def accuracy_of_all(self) -> float | None:
        """The mean over all timesteps: what Keras would print for many-to-many."""
        return float(np.mean(self.accuracy_by_timestep)) if self.accuracy_by_timestep else None


def shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """The name and shape of every tensor that a network of this config has."""
    units, gates = config.units, _GATES[config.cell]
    head = {"head.kernel": (units, config.outputs), "head.bias": (config.outputs,)}
    if config.head == "one_to_one":
        return {"dense.kernel": (config.features, units), "dense.bias": (units,)} | head
    # Keras's GRU keeps two biases, one for the input and one for the recurrent product.
    bias = (2, 3 * units) if config.cell == "gru" else (gates * units,)
    convolutions = {
        "conv1.kernel": (3, 3, 1, config.filters),
        "conv1.bias": (config.filters,),
        "conv2.kernel": (3, 3, config.filters, config.filters),
        "conv2.bias": (config.filters,),
    }
    recurrent = {
        "rnn.kernel": (config.features, gates * units),
        "rnn.recurrent_kernel": (units, gates * units),
        "rnn.bias": bias,
    }
    return (convolutions if config.backbone == "cnn_rnn" else {}) | recurrent | head


def parameter_count(config: ModelConfig) -> int:
    """How many numbers training has to find."""
    return sum(int(np.prod(shape)) for shape in shapes(config).values())


def training_bytes(config: ModelConfig, batch_size: int) -> int:
    """About how much memory training takes: what every gate says at every timestep, as float32."""
    return batch_size * config.timesteps * config.units * _GATES[config.cell] * 4


def timestep_work(config: ModelConfig, batch_size: int) -> float:
    """How many multiplications a timestep of training takes, its start counted as some more."""
    return batch_size * parameter_count(config) + _TIMESTEP_START


def save(path: Path, tensors: Tensors, card: Card) -> None:
    """Write weights and card to `path` by atomic rename, so that no reader sees half a file.

    Raises UserError if the tensors are not those of the card's model, OSError if the disk fails.
    """
    check(tensors, card.model)
    with replacing(path) as partial:
        partial.write_bytes(to_bytes(tensors, card))


def to_bytes(tensors: Tensors, card: Card, **more: Any) -> bytes:
    """Tensors and card as a safetensors file, with more metadata that JSON can say."""
    texts = {key: json.dumps(value) for key, value in {**asdict(card), **more}.items()}
    return to_safetensors(tensors, {"format": FORMAT, **texts})


def load(path: Path) -> tuple[Tensors, Card]:
    """The checked weights and card of a file; raises UserError if it is missing or of no use."""
    try:
        data = read_at_most(path, LARGEST_FILE_BYTES)
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror}.") from error
    return parse(data, path.name)


def parse(data: bytes, name: str) -> tuple[Tensors, Card]:
    """The checked weights and card in the bytes of a file called `name`; raises UserError."""
    tensors, metadata = unpack(data, name)
    try:
        card = _card(metadata)
        check(tensors, card.model)
    except UserError as error:
        raise UserError(f"{name} is not a reader that this app can use: {error}") from error
    return tensors, card


def unpack(data: bytes, name: str) -> tuple[Tensors, dict[str, str]]:
    """The tensors and the metadata of any safetensors file, of sizes that weights may have.

    Whoever uses the tensors has to `check` them. Raises UserError.
    """
    if len(data) > LARGEST_FILE_BYTES:
        raise UserError(f"{name} is too large to be the weights of a network.")
    header_length = int.from_bytes(data[:8], "little")
    # A file of 16 MB could describe a quarter of a million tensors without a number in them.
    if header_length > LARGEST_HEADER_BYTES:
        raise UserError(f"{name} is damaged or is not a safetensors file.")
    try:
        tensors = parse_safetensors(data)
    except (SafetensorError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise UserError(f"{name} is damaged or is not a safetensors file.") from error
    try:
        header = json.loads(data[8 : 8 + header_length], object_pairs_hook=_each_once)
    except UserError as error:
        raise UserError(f"{name} is not a reader that this app can use: {error}") from error
    return tensors, header.get("__metadata__") or {}


def check(tensors: Tensors, config: ModelConfig) -> None:
    """Raise UserError unless these are float32 tensors with this config's shapes.

    Their numbers must be finite, and none beyond LARGEST_WEIGHT.
    """
    expected = shapes(config)
    if set(tensors) != set(expected):
        odd = sorted(set(tensors) ^ set(expected))[0]
        raise UserError(f"the tensor {odd!r:.60} is {'extra' if odd in tensors else 'missing'}.")
    for name, shape in expected.items():
        tensor = tensors[name]
        if tensor.shape != shape:
            raise UserError(f"{name} has shape {tensor.shape}, it should be {shape}.")
        if tensor.dtype != np.float32:
            raise UserError(f"{name} holds {tensor.dtype} numbers, they should be float32.")
        if not np.isfinite(tensor).all():
            raise UserError(f"{name} holds numbers that are not finite.")
        if np.abs(tensor).max() > LARGEST_WEIGHT:
            raise UserError(f"{name} holds numbers that are too large to compute with.")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; raises UserError if it names something twice, for then either might count."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise UserError(f"it names {name!r:.60} twice.")
        found[name] = value
    return found


def _card(metadata: dict[str, str]) -> Card:
    if metadata.get("format") != FORMAT:
        raise UserError("it does not name this app's format in its metadata.")
    try:
        values: dict[str, Any] = {
            key: json.loads(text, object_pairs_hook=_each_once) for key, text in metadata.items()
        }
        model = ModelConfig.from_dict(values["model"])
        train, epochs_done = TrainConfig.from_dict(values["train"]), values["epochs_done"]
        if type(epochs_done) is not int or epochs_done < 0:
            raise ValueError
        return Card(
            model=model,
            train=train,
            epochs_done=epochs_done,
            accuracy_by_timestep=_fractions(values["accuracy_by_timestep"], model.timesteps),
            accuracy_by_digit=_fractions(values["accuracy_by_digit"], CLASSES),
            # Older files do not tell it.
            temperature=_temperature(values.get("temperature", 1.0)),
        )
    except (ValueError, ArithmeticError, RecursionError, KeyError, TypeError) as error:
        raise UserError("its metadata is damaged.") from error


def _temperature(value: Any) -> float:
    """A number from COLDEST to HOTTEST; else ValueError or UserError."""
    number = float(value)
    if not COLDEST <= number <= HOTTEST:
        raise UserError(f"its temperature is {number:g}, it should be from {COLDEST} to {HOTTEST}.")
    return number


def _fractions(values: Any, count: int) -> tuple[float, ...] | None:
    """`count` fractions from 0 to 1, or None if they were never measured; else ValueError."""
    if values is None:
        return None
    fractions = tuple(float(value) for value in values)
    if len(fractions) != count or not all(0 <= fraction <= 1 for fraction in fractions):
        raise ValueError
    return fractions
