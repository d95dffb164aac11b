"""Configurations with a name: the four systems of 2016, and some that teach."""

from dataclasses import dataclass, replace

from mnist_rnn.config import ModelConfig, TrainConfig


@dataclass(frozen=True)
class Preset:
    """A network, its training, how the pages call the pair, and the kind of preset it is."""

    title: str
    model: ModelConfig
    train: TrainConfig
    kind: str = "Other"


# "利用RNN实现手写数字识别" (recognising handwritten digits with an RNN), 2016-07-19, Keras 1.
_RECIPE = TrainConfig(
    epochs=200, learning_rate=0.001, batch_size=100, train_images=50_000, optimizer="rmsprop"
)
# The same with the constants of Keras 1.0.6.
_RECIPE_2016 = replace(_RECIPE, optimizer="rmsprop_2016", recurrent_init="orthogonal_2016")
_RNN = ModelConfig(backbone="rnn", cell="simple_rnn", units=50)
_CNN_RNN = replace(_RNN, backbone="cnn_rnn", order="map_major", filters=8, activation="linear")
# Not of 2016: chosen here on the validation images.
_ROW_BY_ROW = replace(_CNN_RNN, order="row_major", activation="relu", units=64)
_ROW_BY_ROW_TRAINING = replace(
    _RECIPE, epochs=20, learning_rate=0.002, optimizer="adam", schedule="cosine"
)
# The readers of the Draw page: chosen on the validation images to read what people draw.
_CLASSROOM = replace(_RNN, units=128)
_CNN_CLASSROOM = replace(_ROW_BY_ROW, cell="gru", units=96)
_CLASSROOM_TRAINING = TrainConfig(
    epochs=60,
    learning_rate=0.001,
    batch_size=128,
    optimizer="adam",
    schedule="cosine",
    writers="mnist_and_pens",
    augmentation="affine",
    clip_norm=1.0,
    non_digits=0.1,
    calibration="temperature",
)
_CNN_CLASSROOM_TRAINING = replace(
    _CLASSROOM_TRAINING, epochs=24, learning_rate=0.002, non_digits=0.125
)


def _both_heads(
    name: str,
    title: str,
    model: ModelConfig,
    train: TrainConfig,
    many_to_many_train: TrainConfig | None = None,
    *,
    kind: str = "Other",
) -> dict[str, Preset]:
    trainings = {"many_to_one": train, "many_to_many": many_to_many_train or train}
    return {
        name.format(head=head): Preset(
            title.format(head=head.replace("_", "-")), replace(model, head=head), training, kind
        )
        for head, training in trainings.items()
    }


def _of_2016(name: str, title: str, model: ModelConfig, train: TrainConfig) -> dict[str, Preset]:
    """Both heads as the post meant them, and as written: it divides by 255 twice."""
    name, title = f"{name}-{{head}}-2016", f"{title}, {{head}}"
    written = replace(model, scaling="twice")
    return {
        **_both_heads(name, f"{title}, as meant", model, train, kind="2016"),
        **_both_heads(f"{name}-as_written", f"{title}, as written", written, train, kind="2016"),
    }


# In the order of the menu, which opens with the first.
PRESETS: dict[str, Preset] = {
    **_both_heads(
        "rnn-{head}-minute", "RNN, {head}", _RNN, replace(_RECIPE, epochs=20), kind="One minute"
    ),
    **_of_2016("rnn", "RNN", _RNN, _RECIPE_2016),
    **_of_2016("cnn_rnn", "CNN+RNN", _CNN_RNN, replace(_RECIPE_2016, learning_rate=0.003)),
    "rnn-many_to_one-too-fast": Preset(
        "learning rate too high", _RNN, replace(_RECIPE, epochs=5, learning_rate=0.1), "Failure"
    ),
    **_both_heads(
        "rnn-{head}-divided-twice",
        "pixels nearly 0, {head}",
        replace(_RNN, scaling="twice"),
        replace(_RECIPE, epochs=20),
        kind="Failure",
    ),
    "rnn-many_to_one-forgetful": Preset(
        "a memory that forgets",
        _RNN,
        replace(_RECIPE, epochs=5, recurrent_init="forgetful"),
        "Failure",
    ),
    "rnn-many_to_one-three-units": Preset(
        "three hidden units", replace(_RNN, units=3), replace(_RECIPE, epochs=10), "Failure"
    ),
    **_both_heads(
        "rnn-{head}-classroom",
        "RNN, {head}",
        _CLASSROOM,
        _CLASSROOM_TRAINING,
        # It is asked at every row, so rows mostly stay where they are and count by what they tell.
        replace(
            _CLASSROOM_TRAINING,
            epochs=90,
            learning_rate=0.002,
            non_digits=0.06,
            augmentation="affine_level",
            augmented_share=0.5,
            timestep_weights="graded",
        ),
        kind="Draw page",
    ),
    **_both_heads(
        "cnn_rnn-{head}-classroom",
        "CNN+GRU row by row, {head}",
        _CNN_CLASSROOM,
        _CNN_CLASSROOM_TRAINING,
        # Asked at every row, it learns longer: after 20 epochs it read 0.4% less of MNIST.
        replace(_CNN_CLASSROOM_TRAINING, epochs=36),
        kind="Draw page",
    ),
    "one_to_one-classroom": Preset(
        "Dense, one-to-one",
        replace(_RNN, head="one_to_one", units=64),
        replace(_CLASSROOM_TRAINING, epochs=30, clip_norm=0.0, writers="mnist", non_digits=0.06),
        "Wirings",
    ),
    "one_to_many-classroom": Preset(
        "RNN, one-to-many",
        ModelConfig(head="one_to_many", units=160, styles=12),
        TrainConfig(
            epochs=30,
            learning_rate=0.002,
            batch_size=128,
            optimizer="adam",
            schedule="cosine",
            clip_norm=1.0,
        ),
        "Wirings",
    ),
    **_both_heads(
        "cnn_rnn-{head}-rows", "CNN+RNN row by row, {head}", _ROW_BY_ROW, _ROW_BY_ROW_TRAINING
    ),
    **{
        f"{cell}-many_to_one-10_epochs": Preset(
            f"{cell.upper()}, many-to-one, 10 epochs",
            replace(_RNN, cell=cell),
            replace(_RECIPE, epochs=10),
        )
        for cell in ("lstm", "gru")
    },
}
