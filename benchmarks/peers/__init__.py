"""The same training by this project's engine, Keras's `fit`, PyTorch and JAX, beside each other."""
