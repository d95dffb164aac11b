"""The commands of `python -m mnist_rnn`, one module each."""
