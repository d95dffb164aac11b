"""Speed and accuracy, one command each."""

# Before TensorFlow: with it, all that is timed here runs on the settings that the worker runs on.
import mnist_rnn

__all__ = ["mnist_rnn"]
