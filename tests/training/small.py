"""Networks and trainings that take a moment."""

from mnist_rnn.config import ModelConfig, TrainConfig

SMALL = ModelConfig(units=6)
CONVOLUTIONS = ModelConfig(backbone="cnn_rnn", filters=2, units=6)
QUICK = TrainConfig(epochs=2, train_images=250, batch_size=40, learning_rate=0.01)
