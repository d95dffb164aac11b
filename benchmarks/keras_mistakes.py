"""What it costs to make the mistakes that Keras says nothing about.

    python -m benchmarks.keras_mistakes [MISTAKE ...] [--images N] [--epochs N] [--seeds N]

maps_interleaved: two convolutions of 8 maps, reshaped to 224 timesteps of 28 with and without
transposing them first, then a SimpleRNN of 50 units, asked after the last timestep.
from_logits_forgotten: a Dense of 64 units, with a loss that is told of the logits or is not.
Keras's own `fit` with Adam. Prints the validation accuracy on 10,000 images after each epoch.
"""

import argparse

import keras
from keras import layers

from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.network.reader import to_input


def main() -> None:
    """Train rightly and wrongly from the same seeds, and print a line for each training."""
    parser = argparse.ArgumentParser(description="What silent mistakes cost.")
    parser.add_argument("mistakes", nargs="*", metavar="MISTAKE", help=", ".join(MISTAKES))
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    names = options.mistakes or list(MISTAKES)
    if unknown := set(names) - set(MISTAKES):
        parser.error(f"no mistake called {unknown.pop()}; choose from {', '.join(MISTAKES)}")
    for name in names:
        for seed in range(options.seeds):
            for made in (False, True):
                keras.utils.set_random_seed(seed)
                accuracies = _accuracies(MISTAKES[name](made), options.images, options.epochs)
                by_epoch = " ".join(f"{accuracy:.1%}" for accuracy in accuracies)
                print(f"{name if made else 'right':21} seed {seed}: {by_epoch}", flush=True)


def _accuracies(model: keras.Model, images: int, epochs: int) -> list[float]:
    training, validation = load_digits("train").first(images), load_digits("validation")
    history = model.fit(
        to_input(training.images),
        keras.utils.to_categorical(training.labels),
        batch_size=100,
        epochs=epochs,
        validation_data=(
            to_input(validation.images),
            keras.utils.to_categorical(validation.labels),
        ),
        verbose=0,
    )
    return history.history["val_accuracy"]


def _maps_interleaved(made: bool) -> keras.Model:
    maps = [
        keras.Input((28, 28)),
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(8, 3, padding="same"),
        layers.Conv2D(8, 3, padding="same"),
    ]
    transposed = [] if made else [layers.Permute((3, 1, 2))]
    read = [layers.Reshape((224, 28)), layers.SimpleRNN(50), layers.Dense(10)]
    return _compiled([*maps, *transposed, *read], from_logits=True)


def _from_logits_forgotten(made: bool) -> keras.Model:
    dense = [keras.Input((28, 28)), layers.Flatten(), layers.Dense(64, activation="tanh")]
    return _compiled([*dense, layers.Dense(10)], from_logits=not made)


def _compiled(stack: list[keras.Layer], from_logits: bool) -> keras.Model:
    model = keras.Sequential(stack)
    model.compile(
        optimizer="adam",
        loss=keras.losses.CategoricalCrossentropy(from_logits=from_logits),
        metrics=["accuracy"],
    )
    return model


MISTAKES = {"maps_interleaved": _maps_interleaved, "from_logits_forgotten": _from_logits_forgotten}

if __name__ == "__main__":
    main()
