import keras
import numpy as np
from keras import layers

from mnist_rnn.digits.handwriting import StyleScale
from mnist_rnn.digits.mnist import Digits

(images, labels), _ = keras.datasets.mnist.load_data()
digits = Digits(images, labels)
style = StyleScale(digits).measure(digits, 12)  # (60000, 12)
label = keras.utils.to_categorical(labels)  # (60000, 10)
x = np.concatenate([label, style], axis=1)  # (60000, 22)
y = images / 255  # (60000, 28, 28)

model = keras.Sequential(
    [
        keras.Input((22,)),
        layers.Reshape((1, 22)),  # (batch, 1, 22)
        layers.ZeroPadding1D((0, 27)),  # (batch, 28, 22)
        layers.SimpleRNN(160, return_sequences=True),  # (batch, 28, 160)
        layers.TimeDistributed(layers.Dense(28)),  # (batch, 28, 28)
    ]
)
model.compile(
    optimizer="adam",
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
)
model.fit(x, y, batch_size=128, epochs=20, validation_split=1 / 6)
