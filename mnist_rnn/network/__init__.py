"""The trained network: its equations, its weights, and reading or drawing a digit with it."""
