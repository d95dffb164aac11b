"""The figures of the Wirings page."""
