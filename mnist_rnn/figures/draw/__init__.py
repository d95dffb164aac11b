"""The figures of the Draw page."""
