"""Recurrent networks that read handwritten digits row by row, with every step in view."""
