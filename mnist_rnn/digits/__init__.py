"""Digits as a network gets them: from MNIST, from strokes of a pen, from a picture."""
