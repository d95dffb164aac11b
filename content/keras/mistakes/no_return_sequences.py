import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.SimpleRNN(128),  # return_sequences=True is missing
        layers.TimeDistributed(layers.Dense(10)),
    ]
)
