"""Recurrent networks that read handwritten digits row by row, with every step in view."""

import os

# Read when keras and tensorflow are first imported, which only training does. The networks are
# compiled through TensorFlow, whatever a user's own keras.json prefers, and its start-up notes
# about the processor help nobody here.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# TensorFlow uses these convolutions by itself on some processors only; on the others they take
# about half the time too, with as few filters as here.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# Read when numpy is first imported. Reading multiplies small matrices, which more threads only
# slow down, and by far when trainings keep the cores busy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
