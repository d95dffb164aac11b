import keras
import numpy as np
from keras import layers

(images, labels), _ = keras.datasets.mnist.load_data()
x = images[..., None] / 255  # (60000, 28, 28, 1)
label = keras.utils.to_categorical(labels).astype("float32")  # (60000, 10)
y = np.repeat(label[:, None], 224, axis=1)  # (60000, 224, 10)

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.ZeroPadding2D(1),  # (batch, 30, 30, 1)
        layers.Conv2D(8, 3),  # (batch, 28, 28, 8)
        layers.ZeroPadding2D(1),  # (batch, 30, 30, 8)
        layers.Conv2D(8, 3),  # (batch, 28, 28, 8)
        layers.Permute((3, 1, 2)),  # (batch, 8, 28, 28)
        layers.Reshape((224, 28)),  # (batch, 224, 28)
        layers.SimpleRNN(50, return_sequences=True),  # (batch, 224, 50)
        layers.TimeDistributed(layers.Dense(10)),  # (batch, 224, 10)
    ]
)
model.compile(
    optimizer=keras.optimizers.RMSprop(0.003),
    loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(x, y, batch_size=100, epochs=200, validation_split=1 / 6)
