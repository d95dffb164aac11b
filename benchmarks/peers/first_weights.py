"""Write down a task: the first weights of a network, and how it is to be trained.

python -m benchmarks.peers.first_weights HEAD EPOCHS SEED LEARNING_RATE FILE
"""

import sys
from pathlib import Path

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network.weights import Card, save
from mnist_rnn.training import models


def main() -> None:
    head, epochs, seed, rate, file = sys.argv[1:]
    model = ModelConfig(head=head)
    train = TrainConfig(epochs=int(epochs), seed=int(seed), learning_rate=float(rate))
    tensors = models.tensors(models.build(model, train), model)
    save(Path(file), tensors, Card(model, train))


if __name__ == "__main__":
    main()
