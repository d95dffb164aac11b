"""The networks in NumPy: their equations, reading, drawing, and their weights."""
