import keras
import numpy as np

logits = np.full((1, 10), -1.0)
logits[0, 3] = 6.0  # sure that it is a 3 ...
y = keras.utils.to_categorical([3], 10)  # ... and it is one

told = keras.losses.CategoricalCrossentropy(from_logits=True)
print(f"from_logits=True:      loss {told(y, logits):6.3f}")

forgotten = keras.losses.CategoricalCrossentropy()
print(f"from_logits forgotten: loss {forgotten(y, logits):6.3f}")
