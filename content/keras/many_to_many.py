import keras
import numpy as np
from keras import layers

(images, labels), _ = keras.datasets.mnist.load_data()
x = images / 255  # (60000, 28, 28)
label = keras.utils.to_categorical(labels)  # (60000, 10)
y = np.repeat(label[:, None], 28, axis=1)  # (60000, 28, 10)

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.SimpleRNN(128, return_sequences=True),  # (batch, 28, 128)
        layers.TimeDistributed(layers.Dense(10)),  # (batch, 28, 10)
    ]
)
model.compile(
    optimizer="adam",
    loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(x, y, batch_size=128, epochs=20, validation_split=1 / 6)
