"""What is computed from traces: arrays in, arrays out."""
