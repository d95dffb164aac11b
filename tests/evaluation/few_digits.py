"""Six digits, and what a reader says of them."""

import numpy as np

from mnist_rnn.evaluation.accuracy import Evaluation

# Six digits after two timesteps: after the second, 4 is read as 9 twice and 7 as 1 once.
FEW = Evaluation(
    answers=np.array([[0, 9], [0, 4], [0, 9], [1, 1], [7, 7], [0, 4]], np.uint8),
    labels=np.array([4, 4, 4, 7, 7, 4], np.uint8),
    confidences=np.array([[0.2, 0.6], [0.3, 0.5], [0.1, 0.9], [1, 1], [1, 1], [0.9, 0.4]]),
)
