import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((22,)),  # no axis of timesteps, none is added
        layers.SimpleRNN(160, return_sequences=True),
        layers.TimeDistributed(layers.Dense(28)),
    ]
)
