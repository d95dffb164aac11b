import keras
from keras import layers

(images, labels), _ = keras.datasets.mnist.load_data()
x = images / 255  # (60000, 28, 28)
y = keras.utils.to_categorical(labels)  # (60000, 10)

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.Flatten(),  # (batch, 784)
        layers.Dense(64, activation="tanh"),  # (batch, 64)
        layers.Dense(10),  # (batch, 10)
    ]
)
model.compile(
    optimizer="adam",
    loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(x, y, batch_size=128, epochs=20, validation_split=1 / 6)
