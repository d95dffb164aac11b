import keras
from keras import layers

(images, labels), _ = keras.datasets.mnist.load_data()
x = images / 255  # (60000, 28, 28)
label = keras.utils.to_categorical(labels)  # (60000, 10)

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.SimpleRNN(128, return_sequences=True),
        layers.TimeDistributed(layers.Dense(10)),  # (batch, 28, 10)
    ]
)
one_hot = keras.losses.CategoricalCrossentropy(from_logits=True)
sparse = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
for loss, y in ((one_hot, label), (sparse, labels)):  # no axis of 28
    model.compile(optimizer="adam", loss=loss)
    try:
        model.fit(x, y, batch_size=128)
    except ValueError as problem:
        print(f"{loss.name}\n  {problem}")
