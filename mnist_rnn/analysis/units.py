"""What hidden units stand for."""

import numpy as np


def order_by_vote(head_kernel: np.ndarray) -> np.ndarray:
    """Hidden units grouped by the class that each votes for most, strongest vote first.

    head_kernel: (units, 10). Returns a permutation of the units, (units,): it depends on the
    weights alone, so units stay where they are while a drawing is edited.
    """
    favourite = head_kernel.argmax(1)
    strength = head_kernel.max(1)
    return np.lexsort((-strength, favourite))
