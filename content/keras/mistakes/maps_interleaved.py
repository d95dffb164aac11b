import numpy as np
from keras import layers

# Eight feature maps, each filled with its own number: 1 to 8.
maps = np.broadcast_to(np.arange(1, 9), (1, 28, 28, 8))

straight = layers.Reshape((224, 28))(maps)
print(f"Reshape alone, timestep 1:\n{straight[0, 0]}")

first_transposed = layers.Permute((3, 1, 2))(maps)  # (1, 8, 28, 28)
right = layers.Reshape((224, 28))(first_transposed)
print(f"Permute, then Reshape, timestep 1:\n{right[0, 0]}")
