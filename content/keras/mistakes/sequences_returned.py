import keras
from keras import layers

(images, labels), _ = keras.datasets.mnist.load_data()
x = images / 255  # (60000, 28, 28)
y = keras.utils.to_categorical(labels)  # (60000, 10)

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.SimpleRNN(128, return_sequences=True),  # one state too many
        layers.Dense(10),  # (batch, 28, 10)
    ]
)
model.compile(
    optimizer="adam",
    loss=keras.losses.CategoricalCrossentropy(from_logits=True),
)
model.fit(x, y, batch_size=128)
