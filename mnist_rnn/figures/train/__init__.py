"""The figures of the Train page."""
