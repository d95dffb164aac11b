"""The pieces of the Runs page."""
